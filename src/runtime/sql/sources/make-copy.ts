// The files that a text reads in another form (common/file-copy.ts), made where the text runs: the driver, or the task. Texts are copied once in a
// process while their file is as it was (copies.ts); what is made of an Arrow file goes with its query.
import { randomUUID } from 'node:crypto';
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { FileCopy } from '../../../common/file-copy.ts';
import type { SqlKernel } from '../../../common/sql-kernel.ts';
import { type ArrowStep, copyArrow } from './arrow-copy.ts';
import { corrupt } from './check-compressed.ts';
import { copyFolder } from './copies.ts';
import type { ListedFile } from './list-files.ts';
import { type PlainStep, plainCopy } from './plain-copies.ts';
import { type UnpackStep, unpackedCopy } from './unpacked-copies.ts';

export type CopyStep = UnpackStep | PlainStep | ArrowStep;
export type Copied = { readonly path: string; readonly remove: () => void };

/** @param check throws when nobody wants it any more. @throws AnalysisException FAILED_READ_FILE… */
export async function makeCopy({ of, steps, made }: FileCopy, kernel: SqlKernel, check: () => void = () => {}): Promise<Copied> {
  if (made !== undefined && statSync(made.path, { throwIfNoEntry: false })?.size === made.size)
    return { path: made.path, remove: () => {} };
  const { store, ...file } = of;
  let copy: ListedFile = { ...file, partition: [], ...(store && { store }) };
  for (const step of steps as readonly CopyStep[]) {
    if (step.kind === 'arrow') {
      const path = join(copyFolder(), `${randomUUID()}.parquet`);
      await copyArrow(of, step, path, kernel, check);
      return { path, remove: () => rmSync(path, { force: true }) };
    }
    try {
      copy = await (step.kind === 'unpacked' ? unpackedCopy(copy, step) : plainCopy(copy, step));
    } catch (error) {
      throw corrupt(of.path, error as Error);
    }
  }
  return { path: copy.path, remove: () => {} };
}
