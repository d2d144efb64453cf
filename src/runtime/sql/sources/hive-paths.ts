// Names of Hive's partition folders: `column=value`, with what a file system can't have escaped as %XX.
// Source: ExternalCatalogUtils and PartitioningUtils of Spark 4.2.

export const DEFAULT_PARTITION = '__HIVE_DEFAULT_PARTITION__';

export const escapePathName = (text: string): string =>
  text.replace(/[\u0001-\u001f"#%'*/:=?\\\u007f{[\]^]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);

export const unescapePathName = (text: string): string =>
  text.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

/** Null and the empty text are the default partition. */
export const partitionFolder = (column: string, value: string | null): string =>
  `${escapePathName(column)}=${value === null || value === '' ? DEFAULT_PARTITION : escapePathName(value)}`;

/** One folder's name. @returns undefined when it is no partition's */
export function parsePartitionFolder(name: string): { readonly column: string; readonly value: string | null } | undefined {
  const at = name.indexOf('=');
  if (at <= 0) return undefined;
  const value = name.slice(at + 1);
  return {
    column: unescapePathName(name.slice(0, at)),
    value: value === DEFAULT_PARTITION || value === '' ? null : unescapePathName(value),
  };
}
