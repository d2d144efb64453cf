// What is said of a function of the program that throws: its types, the user's own line (through a source map where a compiler was at work), its row.
import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { build } from 'esbuild';
import { functions as F } from '../../../../../src/runtime/sql/api/functions.ts';
import { LocalDate } from '../../../../../src/runtime/sql/api/times.ts';
import { argumentsText } from '../../../../../src/runtime/sql/udf/failure.ts';
import { placeOfError } from '../../../../../src/runtime/sql/udf/user-place.ts';
import { TestSession } from '../../../../helpers/dataframe-session.ts';

const spark = new TestSession();
const folder = mkdtempSync(path.join(os.tmpdir(), 'emberloom-place-'));
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await spark.close();
});

const errorOf = async (
  f: () => Promise<unknown>,
): Promise<Error & { condition?: string; sqlState?: string; messageParameters?: object }> => {
  try {
    await f();
  } catch (error) {
    return error as Error;
  }
  throw new Error('it did not fail');
};

describe('the error of a function', () => {
  it('has a condition, its parameters, and the user’s error as its cause', async () => {
    const own = new RangeError('no such thing');
    const f = F.udf(
      () => {
        throw own;
      },
      'int',
      { name: 'f' },
    );
    const error = await errorOf(() => spark.range(1).select(f('id')).collect());
    expect(error.condition).toBe('FAILED_EXECUTE_UDF');
    expect(error.sqlState).toBe('39000');
    expect(error.messageParameters).toMatchObject({ functionName: '`f`', signature: 'bigint', result: 'int' });
    expect(error.cause).toBe(own);
  });

  it('says where a batch failed', async () => {
    const f = F.udf((xs: bigint[]) => xs.slice(1), 'bigint', { batch: true, name: 'f' });
    const error = await errorOf(() => spark.range(3).select(f('id')).collect());
    expect(error.message).toContain(
      'TypeError: it must give as many results as there are rows, which are 3; it had a batch of 3 rows, of which the first was (0). SQLSTATE: 39000',
    );
  });

  it('of what is no Error has no place', async () => {
    const f = F.udf(
      () => {
        throw 'just a text';
      },
      'int',
      { name: 'f' },
    );
    const error = await errorOf(() => spark.range(1).select(f('id')).collect());
    expect(error.message).toContain('failed due to: just a text (thrown without a stack: it is no Error); the arguments were (0).');
  });
});

describe('the place', () => {
  const at = (...frames: string[]) =>
    placeOfError(Object.assign(new Error('x'), { stack: ['Error: x', ...frames.map((f) => `    at ${f}`)].join('\n') }));

  it.each<[string[], string | undefined]>([
    [['f (/app/job.ts:3:9)', 'g (/app/job.ts:9:1)'], 'f (/app/job.ts:3:9)'],
    [['/app/job.ts:3:9'], '/app/job.ts:3:9'],
    [['async f (file:///app/a%20job.ts:3:9)'], 'async f (/app/a job.ts:3:9)'],
    [['parse (node:internal/x:1:1)', 'lib (/app/node_modules/lib/index.js:1:1)', 'f (/app/job.ts:3:9)'], 'f (/app/job.ts:3:9)'],
    [['byRow (/x/src/runtime/sql/udf/scalar.ts:1:1)', 'byRow (/x/dist/worker.main.cjs:1:1)'], undefined],
  ])('of %j is %s', (frames, expected) => {
    expect(at(...frames)).toBe(expected);
  });

  it.each(['linked', 'inline'] as const)('is the one in the source of a file with a source map (%s)', async (sourcemap) => {
    const source = path.join(folder, 'job.ts');
    const file = path.join(folder, `${sourcemap}.js`);
    writeFileSync(source, 'type Much = { a: 1 };\n\n\nexport function parse(): never {\n  throw new Error("here");\n}\n');
    await build({ entryPoints: [source], outfile: file, sourcemap, format: 'esm', minifyWhitespace: true, logLevel: 'silent' });
    const made = (await import(file)) as { parse: () => never };
    let place: string | undefined;
    try {
      made.parse();
    } catch (error) {
      place = placeOfError(error as Error);
    }
    expect(place).toContain(`${source}:5:`);
  });
});

describe('arguments', () => {
  it.each<[unknown[], string]>([
    [[1, null, 2n, true], '(1, null, 2, true)'],
    [['a "b"'], '("a \\"b\\"")'],
    [[[1, ['x']]], '([1, ["x"]])'],
    [[new Map([['k', 1]])], '({"k": 1})'],
    [[new LocalDate(1)], '(1970-01-02T00:00:00.000Z)'],
    [[{ a: 1n }], '({"a":"1"})'],
    [['x'.repeat(200)], `("${'x'.repeat(99)}…)`],
  ])('%#', (values, text) => {
    expect(argumentsText(values)).toBe(`the arguments were ${text}`);
  });
});
