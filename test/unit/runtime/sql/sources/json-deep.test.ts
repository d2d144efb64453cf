// JSON that nests deep: what is read stays the same, and the time does not grow with the cube of the levels (100 took a minute and a half).
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readAnswer, sqlEngine } from '../../../../helpers/sql.ts';

const folder = mkdtempSync(join(tmpdir(), 'json-deep-'));
const engine = sqlEngine();
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

function nested(levels: number, innermost: string): string {
  return '{"a":'.repeat(levels) + innermost + '}'.repeat(levels);
}
const typeAt = (depth: number, fields: string): string => `${'STRUCT<a: '.repeat(depth)}STRUCT<${fields}>${'>'.repeat(depth)}`;
const LEAF = '{"n":1,"s":"x","d":1.5,"l":[1,2],"t":true}';

it.each([5, 13, 100])(
  '%i levels',
  async (levels) => {
    const file = join(folder, `${levels}.json`);
    writeFileSync(file, `${nested(levels, LEAF)}\n{"a":null}\n{"a":7}\n${nested(levels, '{"n":null,"l":[],"s":"y"}')}\n`);
    const schema = `a ${typeAt(levels - 1, 'n: BIGINT, s: STRING, d: DOUBLE, l: ARRAY<BIGINT>, t: BOOLEAN')}`;
    const { rows } = await readAnswer(engine, { format: 'json', schema }, file);
    const wrapped = (value: unknown): unknown => Array.from({ length: levels }).reduce((inner) => [inner], value);
    expect(rows).toEqual([wrapped([1n, 'x', 1.5, [1n, 2n], true]), [null], [null], wrapped([null, 'y', null, [], null])]);
  },
  20_000,
);

it('a value of another type far below is NULL, its neighbours are not', async () => {
  const file = join(folder, 'bad.json');
  writeFileSync(file, `${nested(20, '{"n":"x","s":"y"}')}\n`);
  for (const [mode, rows] of [
    ['PERMISSIVE', 1],
    ['DROPMALFORMED', 1],
  ] as const) {
    const answer = await readAnswer(engine, { format: 'json', schema: `a ${typeAt(19, 'n: INT, s: STRING')}`, options: { mode } }, file);
    expect(answer.rows).toHaveLength(rows);
    expect(JSON.stringify(answer.rows[0])).toContain('[null,"y"]');
  }
});
