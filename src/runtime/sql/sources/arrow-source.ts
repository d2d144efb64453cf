// Files of Arrow's IPC format: what they say of their columns, and how they are opened. The file form has a word at either end and an index; the stream
// form ends where it ends. Their rows: arrow-copy.ts. Source: the columnar format of Arrow, "IPC File Format".
import type { OpenedArrow } from '../../../common/arrow-files.ts';
import type { SourceFile } from '../../../common/file-copy.ts';
import type { SqlKernel } from '../../../common/sql-kernel.ts';
import { AnalysisException } from '../errors/spark-error.ts';
import { sparkType } from '../types/arrow-types.ts';
import { type StructType, structField, structType } from '../types/data-type.ts';
import { openFile } from './file-systems/find-file-system.ts';
import type { ListedFile } from './list-files.ts';
import type { FileSchema, SourceContext } from './open-source.ts';
import type { SourceOptions } from './options.ts';
import { shownPath } from './paths.ts';

const WORD = 'ARROW1';

/** The first file says the schema, as of Parquet. */
export async function arrowSource(
  given: StructType | undefined,
  options: SourceOptions,
  listed: readonly ListedFile[],
  { kernel, settings }: SourceContext,
): Promise<FileSchema> {
  // A file without a byte has no rows: somebody has begun to write it.
  const files = listed.filter((f) => f.size > 0);
  if (given !== undefined) return { schema: given, files };
  const ignoreCorrupt = ignoresCorrupt(options, settings.get);
  for (const file of files) {
    try {
      const opened = await openArrow(file, kernel);
      await opened.close();
      return { schema: schemaOf(opened), files };
    } catch (error) {
      if (!ignoreCorrupt) throw unreadable(file.path, error as Error);
    }
  }
  throw new AnalysisException('UNABLE_TO_INFER_SCHEMA', { format: 'Arrow' });
}

export const ignoresCorrupt = (options: SourceOptions, get: (key: string) => string | undefined): boolean =>
  options.flag('ignoreCorruptFiles', get('spark.sql.files.ignoreCorruptFiles') === 'true');

/** All columns may have NULLs, as of every file. */
export const schemaOf = ({ fields }: OpenedArrow): StructType =>
  structType(fields.map((f) => structField(f.name, sparkType(f.type), true)));

/** @throws Error in the package's words */
export async function openArrow(file: SourceFile, kernel: SqlKernel): Promise<OpenedArrow> {
  const reader = await openFile(file);
  const wordAt = async (position: number): Promise<boolean> => {
    const bytes = Buffer.alloc(WORD.length);
    await reader.read(bytes, 0, WORD.length, position);
    return bytes.toString('latin1') === WORD;
  };
  try {
    if ((await wordAt(0)) && !(await wordAt(Math.max(0, file.size - WORD.length))))
      throw new Error(`it does not end in ${WORD}: it was cut off`);
  } catch (error) {
    await reader.close();
    throw error;
  }
  return (await kernel.arrow()).open({ size: file.size, read: reader.read, close: reader.close });
}

/** What Spark's types have no equal of is no damage. */
export function unreadable(path: string, error: Error): Error {
  if (error instanceof AnalysisException) return error;
  const made = new AnalysisException('FAILED_READ_FILE.CANNOT_READ_ARROW', { path: shownPath(path), detail: error.message });
  made.cause = error;
  return made;
}
