// Large text files in tasks: each line is one task's, wherever the cuts fall, and the rows are those of one kernel.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyLines } from '../../../../../src/runtime/executor/compute/file-lines.ts';
import { answerOf, readAnswer, sqlEngine } from '../../../../helpers/sql.ts';
import { type StagedSql, stagedSql } from '../../../../helpers/staged-sql.ts';

let staged: StagedSql;
const whole = sqlEngine();
const folder = mkdtempSync(path.join(tmpdir(), 'staged-text-'));
beforeAll(() => {
  staged = stagedSql();
});
afterAll(async () => {
  staged.close();
  await whole.close();
  rmSync(folder, { recursive: true });
});

const numbers = Array.from({ length: 300 }, (_, i) => i);
const json = numbers.map((i) => JSON.stringify({ id: i, s: 'x'.repeat(i % 40), ...(i % 3 === 0 && { more: [i] }) })).join('\n');
const csv = `id,name\n${numbers.map((i) => `${i},"name, ${'é'.repeat(i % 7)}"`).join('\n')}\n`;

describe('a text file that is read by several tasks', () => {
  it.each<{ what: string; format: string; content: string | Uint8Array; name?: string; options?: Record<string, string>; tasks?: number }>([
    { what: 'JSON without an end of its last line', format: 'json', content: json, tasks: 3 },
    { what: 'JSON with corrupt lines', format: 'json', content: json.replaceAll('"id":7', '"id":'), tasks: 3 },
    { what: 'CSV with a header', format: 'csv', content: csv, options: { header: 'true', inferSchema: 'true' }, tasks: 3 },
    { what: 'CSV with a header and modes', format: 'csv', content: csv, options: { header: 'true', mode: 'DROPMALFORMED' }, tasks: 3 },
    { what: 'text of Windows', format: 'text', content: numbers.join('\r\n'), tasks: 3 },
    { what: 'one line of all', format: 'text', content: 'a'.repeat(5000), tasks: 3 },
    { what: 'text as a whole', format: 'text', content: csv, options: { wholetext: 'true' }, tasks: 1 },
    {
      what: 'JSON over several lines',
      format: 'json',
      content: `[${json.split('\n').join(',\n')}]`,
      options: { multiLine: 'true' },
      tasks: 1,
    },
    { what: 'compressed', format: 'text', name: 'x.gz', content: gzipSync(csv), tasks: 1 },
  ])('$what', async ({ format, content, options = {}, name = 'file', tasks }) => {
    const file = path.join(mkdtempSync(path.join(folder, 'of-')), name);
    writeFileSync(file, content);
    const before = staged.context.ends.length;
    const ours = await readAnswer(staged.engine, { format, options }, file);
    if (tasks !== undefined) expect(staged.context.ends.length - before).toBe(tasks);
    expect(ours).toEqual(await readAnswer(whole, { format, options }, file));
  });

  it('has each line once for every cut', () => {
    const file = path.join(folder, 'lines');
    for (const text of ['', 'a', '\n', 'a\nbb\n\nccc\n', '\n\n\nlong line\nx']) {
      writeFileSync(file, text);
      const size = text.length;
      for (let cut = 0; cut <= size; cut++) {
        const parts = [
          [0, cut],
          [cut, size],
        ].map(([first, end], i) => {
          const to = path.join(mkdtempSync(path.join(folder, 'cut-')), String(i));
          copyLines({ mark: '', path: file, first: first!, end: end! }, to, () => {});
          return readFileSync(to, 'utf8');
        });
        expect(parts.join('')).toBe(text);
        expect(parts[0] === '' || parts[0]!.endsWith('\n') || parts[1] === '').toBe(true);
      }
    }
  });

  it('says of each row where its part of the file begins', async () => {
    const file = path.join(folder, 'parts.txt');
    writeFileSync(file, numbers.map(String).join('\n'));
    const size = readFileSync(file).length;
    const sql = `SELECT input_file_name() AS name, input_file_block_start() AS start, input_file_block_length() AS length FROM text.\`${file}\``;
    const { rows } = await answerOf(staged.engine, `SELECT DISTINCT name, start, length FROM (${sql}) ORDER BY start`);
    expect(rows.map(([name]) => name)).toEqual(Array(3).fill(`file://${file}`));
    const ends = rows.map(([, start, length]) => Number(start) + Number(length));
    expect(rows.map(([, start]) => Number(start))).toEqual([0, ends[0], ends[1]]);
    expect(ends[2]).toBe(size);
  });
});
