// How much of the kernel's memory readers of text take: little where lines are short; lines of megabytes are read all the same.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { answerOf, readAnswer, sqlEngine } from '../../../../helpers/sql.ts';

const folder = mkdtempSync(join(tmpdir(), 'long-lines-'));
const engine = sqlEngine();
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

describe('text files', () => {
  it('of short lines are read, several at once, by a kernel with little memory', async () => {
    const lines = Array.from({ length: 200_000 }, (_, i) => `${i},"name of this ${i}",abc\n`).join('');
    const [csv, text] = [file('short.csv', lines), file('short.txt', lines)];
    const kernel = await engine.kernel();
    await kernel.run("SET memory_limit='24MB'");
    const one = (format: string, path: string, column: string) => `SELECT count(*) AS n, max(${column}) AS m FROM ${format}.\`${path}\``;
    const all = [one('csv', csv, '_c1'), one('text', text, 'value'), one('csv', csv, '_c2')].join(' UNION ALL ');
    const { rows } = await answerOf(engine, `SELECT sum(n) FROM (${all})`);
    await kernel.run("SET memory_limit='4GB'");
    expect(rows).toEqual([[600_000n]]);
  });

  it.each(['csv', 'json', 'text'])('with a line of megabytes are read: %s', async (format) => {
    const long = 'x'.repeat(5_000_000);
    const line = (s: string) => (format === 'json' ? `{"s":"${s}"}\n` : `${s}\n`);
    const path = file(`long.${format}`, `${line('a')}${line(long)}${line('b')}`);
    const { rows } = await readAnswer(engine, { format }, path);
    expect(rows.map(([s]) => (s as string).length)).toEqual([1, 5_000_000, 1]);
  });
});
