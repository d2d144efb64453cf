// Where DuckDB's extensions lie on this machine: what `emberloom extensions install` has fetched, or a folder that a site has laid out. The
// kernel loads one when a source first needs it (duckdb.ts); nothing is ever fetched by a query.
import { existsSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../common/errors.ts';

/** Those that sources of ours need, and what for. */
export const KERNEL_EXTENSIONS = {
  httpfs: 'files on object stores (s3a://…)',
  postgres_scanner: 'JDBC sources of PostgreSQL',
  mysql_scanner: 'JDBC sources of MySQL and MariaDB',
} as const;
export type KernelExtension = keyof typeof KERNEL_EXTENSIONS;

/** Extensions fit one version of the kernel only: the one that package.json names. */
export const KERNEL_VERSION = '1.5.5';

type Environment = Readonly<Record<string, string | undefined>>;

/** $EMBERLOOM_EXTENSIONS as it is, else a folder of this version below the user's cache. */
export function extensionFolder(env: Environment = process.env): string {
  return env['EMBERLOOM_EXTENSIONS'] || join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'emberloom', 'extensions', KERNEL_VERSION);
}

export const extensionFile = (name: KernelExtension, folder: string): string => join(folder, `${name}.duckdb_extension`);

/** @param folder a site's own. @throws AppError KERNEL_EXTENSION_MISSING */
export function findExtension(name: KernelExtension, folder = extensionFolder()): string {
  const path = extensionFile(name, folder);
  if (!existsSync(path))
    throw new AppError('KERNEL_EXTENSION_MISSING', { extension: name, purpose: KERNEL_EXTENSIONS[name], host: hostname(), path });
  return path;
}
