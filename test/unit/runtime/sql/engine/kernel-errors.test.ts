// The kernel's words for a disk without room and for files that are gone, told apart by them.
import { expect, it } from 'vitest';
import { asSqlError } from '../../../../../src/runtime/sql/engine/kernel-errors.ts';

const TASK = 'Job aborted due to stage failure: Task 0 in stage 0.0 failed 4 times, most recent failure: (vm executor 2): Error: ';

it.each([
  {
    words: `${TASK}IO Error: Could not write file "/disk/shuffle/out/p_=1/data_0.parquet": No space left on device`,
    condition: 'KERNEL_OUT_OF_DISK',
    message: 'Could not write file "/disk/shuffle/out/p_=1/data_0.parquet": No space left on device. Give it more memory, or a larger disk',
  },
  {
    words: 'IO Error: Cannot open file "/table/part-0.parquet": No such file or directory',
    condition: 'FAILED_READ_FILE.FILE_NOT_EXIST',
    message: 'Encountered error while reading file file:/table/part-0.parquet.',
  },
  {
    words: 'IO Error: Cannot open file "/table/part-0.parquet": Permission denied',
    condition: 'FAILED_READ_FILE.NO_HINT',
    message: 'Encountered error while reading file file:/table/part-0.parquet.',
  },
])('$condition', ({ words, condition, message }) => {
  expect(asSqlError(new Error(words))).toMatchObject({ condition, message: expect.stringContaining(message) });
});
