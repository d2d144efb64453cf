// Schemas that all rows of text files were read for, remembered while the files are as they were: each action opens its sources anew, and Spark
// reads them once, when the program says `read`. Of each process, the last ones that were asked for.
import { createHash } from 'node:crypto';
import type { StructType } from '../types/data-type.ts';
import type { ListedFile } from './list-files.ts';

const MOST = 200;
/** A file that has changed less than this ago, ms, may change again within the same tick of its file system's clock. */
const SETTLED_MS = 2000;
const known = new Map<string, StructType>();

/** @param asked all that the schema depends on beside the files */
export async function inferredSchema(
  files: readonly ListedFile[],
  asked: readonly unknown[],
  infer: () => Promise<StructType>,
): Promise<StructType> {
  const hash = createHash('sha256').update(JSON.stringify(asked));
  for (const { path, size, modified } of files) hash.update(`\0${path}\0${size}\0${modified}`);
  const key = hash.digest('base64');
  const found = known.get(key);
  if (found !== undefined) return found;
  const isSettled = files.every((f) => f.modified < Date.now() - SETTLED_MS);
  const schema = await infer();
  if (!isSettled) return schema;
  if (known.size >= MOST) known.delete(known.keys().next().value!);
  known.set(key, schema);
  return schema;
}
