// Columns that are added in a loop: a projection for each, one on the other.
import { afterAll, expect, it } from 'vitest';
import type { DataFrame } from '../../../../../src/runtime/sql/api/dataframe.ts';
import { functions as F } from '../../../../../src/runtime/sql/api/functions.ts';
import { TestSession } from '../../../../helpers/dataframe-session.ts';

const spark = new TestSession();
afterAll(() => spark.close());

it('more projections on each other than the kernel’s parser holds are one', async () => {
  let df: DataFrame = spark.range(2).selectExpr('id', 'id AS c');
  for (let i = 0; i < 600; i++) df = df.select('id', F.expr(`id + ${i} AS c`));
  expect((await df.collect()).map((row) => row.toArray())).toEqual([
    [0n, 599n],
    [1n, 600n],
  ]);
});
