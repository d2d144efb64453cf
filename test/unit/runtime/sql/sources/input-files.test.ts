// input_file_name() and its kin, with a real Spark 4.0.1's answers to the same questions over the same two files.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { answerOf, sqlEngine } from '../../../../helpers/sql.ts';

const folder = mkdtempSync(join(tmpdir(), 'input-files-'));
const data = join(folder, "in put#1ü%41+&'");
mkdirSync(data);
writeFileSync(join(data, 'x.txt'), 'a\nb\n');
writeFileSync(join(data, 'y.txt'), 'c\n');
const URI = `file://${folder}/in%20put%231ü%2541+&'`;
const [X, Y] = [`${URI}/x.txt`, `${URI}/y.txt`];
const T = `text.\`${data}\``;
const engine = sqlEngine();
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});
const rowsOf = async (sql: string) => (await answerOf(engine, sql)).rows;

describe('the file that a row is of', () => {
  it('is its URI, where the part that was read begins and how long it is', async () => {
    const { rows, types } = await answerOf(
      engine,
      `SELECT value, input_file_name(), input_file_block_start(), input_file_block_length() FROM ${T} ORDER BY value`,
    );
    expect(rows).toEqual([
      ['a', X, 0n, 4n],
      ['b', X, 0n, 4n],
      ['c', Y, 0n, 2n],
    ]);
    expect(types).toBeDefined();
  });

  it.each([
    [
      `SELECT input_file_name(), count(*) FROM ${T} GROUP BY input_file_name() ORDER BY 2`,
      [
        [Y, 1n],
        [X, 2n],
      ],
    ],
    [`SELECT value FROM ${T} WHERE input_file_name() LIKE '%y.txt'`, [['c']]],
    [`SELECT a.value, input_file_name() FROM ${T} a JOIN VALUES ('c') b(v) ON a.value = b.v`, [['c', Y]]],
    ['SELECT input_file_name(), input_file_block_start(), input_file_block_length()', [['', -1n, -1n]]],
    [
      `SELECT value, input_file_name() FROM (SELECT * FROM ${T} UNION ALL SELECT * FROM ${T}) WHERE value = 'c'`,
      [
        ['c', Y],
        ['c', Y],
      ],
    ],
    [`SELECT DISTINCT input_file_name() FROM (SELECT value, count(*) FROM ${T} GROUP BY value)`, [['']]],
    [
      `WITH c AS (SELECT * FROM ${T}) SELECT x.value, input_file_name() FROM c x WHERE value > 'a' ORDER BY value`,
      [
        ['b', X],
        ['c', Y],
      ],
    ],
    [
      `SELECT value, e, input_file_name() FROM ${T} LATERAL VIEW explode(array(1, 2)) z AS e WHERE value = 'c' ORDER BY e`,
      [
        ['c', 1, Y],
        ['c', 2, Y],
      ],
    ],
  ])('%s', async (sql, expected) => {
    expect(await rowsOf(sql)).toEqual(expected);
  });

  it('is unknown where several are read at once', async () => {
    await expect(rowsOf(`SELECT a.value, input_file_name() FROM ${T} a JOIN ${T} b ON a.value = b.value`)).rejects.toMatchObject({
      condition: 'MULTI_SOURCES_UNSUPPORTED_FOR_EXPRESSION',
    });
  });
});
