// Parquet files: whose footer says the schema, and which files are left out as unreadable. Source: ParquetUtils.inferSchema of Spark 4.2.
import { kernelPaths } from '../../../common/kernel-quotes.ts';
import { AnalysisException } from '../errors/spark-error.ts';
import { structType, type StructType } from '../types/data-type.ts';
import { kernelRows } from '../../../common/kernel-rows.ts';
import type { ListedFile } from './list-files.ts';
import type { FileSchema, SourceContext } from './open-source.ts';
import type { SourceOptions } from './options.ts';
import { type Footer, mergeSchemas, readFooters } from './parquet-schema.ts';
import { typeMismatches } from './parquet-mismatch.ts';
import { shownPath } from './paths.ts';
import { fileKey } from '../logical/scan-file.ts';

export async function parquetSource(
  given: StructType | undefined,
  options: SourceOptions,
  listed: readonly ListedFile[],
  { kernel, settings }: SourceContext,
): Promise<FileSchema> {
  // A file without a byte has no rows, as in Spark: somebody has begun to write it.
  const all = listed.filter((f) => f.size > 0);
  const ignoreCorrupt = options.flag('ignoreCorruptFiles', settings.get('spark.sql.files.ignoreCorruptFiles') === 'true');
  const merge = options.flag('mergeSchema', settings.get('spark.sql.parquet.mergeSchema') === 'true');
  const read = async (file: ListedFile): Promise<Footer | undefined> => {
    try {
      const [footer] = await readFooters(kernel, [file.path]);
      if (ignoreCorrupt) await readPages(file, kernel);
      return footer;
    } catch (error) {
      if (ignoreCorrupt) return undefined;
      const what = /No such file/.test((error as Error).message) ? 'FILE_NOT_EXIST' : 'CANNOT_READ_FILE_FOOTER';
      throw new AnalysisException(`FAILED_READ_FILE.${what}`, { path: shownPath(file.path) });
    }
  };
  const files: ListedFile[] = ignoreCorrupt ? [] : [...all];
  const footers: Footer[] = [];
  for (const file of all) {
    const footer = await read(file);
    if (footer === undefined) continue;
    footers.push(footer);
    if (ignoreCorrupt) files.push(file);
    else if (!merge) break;
  }
  if (footers.length === 0 && given === undefined) throw new AnalysisException('UNABLE_TO_INFER_SCHEMA', { format: 'Parquet' });
  const schemas = footers.map((f) => f.schema);
  const schema = given ?? (merge ? mergeSchemas(schemas) : (schemas[0] ?? structType([])));
  const kinds = new Set(footers.map((f) => JSON.stringify([f.schema, f.int96])));
  const isUniform = given === undefined && footers.length === files.length && kinds.size === 1;
  const mismatches = new Map(footers.flatMap((f) => [...typeMismatches(schema, f.schema)]));
  return { schema, files, int96: footers[0]?.int96 ?? [], isUniform, ...(mismatches.size > 0 && { mismatches }) };
}

const sound = new Set<string>();

/** All of a file, once while it is as it was. @throws Error with the kernel's words where a page is broken */
async function readPages(file: ListedFile, kernel: SourceContext['kernel']): Promise<void> {
  const key = fileKey(file);
  if (sound.has(key)) return;
  await kernelRows(kernel, `SELECT bit_xor(hash(q)) FROM read_parquet(${kernelPaths([file.path])}, hive_partitioning=false) q`);
  sound.add(key);
}
