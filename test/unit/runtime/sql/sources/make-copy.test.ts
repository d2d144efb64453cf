// Copies of texts where the driver's own cannot be read, as on another host: the task makes one of what was copied, in the way that the plan says.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { copyOfText } from '../../../../../src/runtime/sql/emit/file-copies.ts';
import type { LogicalPlan } from '../../../../../src/runtime/sql/logical/plans.ts';
import { visitPlan } from '../../../../../src/runtime/sql/logical/plan-tree.ts';
import { makeCopy } from '../../../../../src/runtime/sql/sources/make-copy.ts';
import { answerOf, sqlEngine } from '../../../../helpers/sql.ts';
import { stagedSql } from '../../../../helpers/staged-sql.ts';

const engine = sqlEngine();
const folder = mkdtempSync(join(tmpdir(), 'make-copy-'));
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

/** As it travels to a task. */
async function copyIn(path: string) {
  const plan = engine.parse(`SELECT * FROM text.\`${path}\``);
  if (plan.tag !== 'relation') throw new Error('no query');
  const copies: ReturnType<typeof copyOfText>[] = [];
  visitPlan(await engine.analyze(plan.relation), (p: LogicalPlan) => {
    if (p.kind === 'scan') copies.push(...p.files.map(copyOfText));
  });
  return { ...structuredClone(copies[0]!), mark: 'copy' };
}
const noKernel = undefined as never;

describe('the copy of a text', () => {
  it.each([
    ['compressed.deflate', deflateSync('a\nb\n'), 'a\nb\n'],
    ['returns.txt', Buffer.from('a\rb\r\nc'), 'a\nb\nc'],
    ['both.deflate', deflateSync('ä\rb'), 'ä\nb'],
  ])('is made again where there is none: %s', async (name, bytes, content) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    const copy = await copyIn(path);
    expect(readFileSync(copy.made!.path, 'utf8')).toBe(content);
    expect((await makeCopy(copy, noKernel)).path).toBe(copy.made!.path);
    // Another time than it was listed with is another file, of which this process has no copy.
    const elsewhere = { ...copy, of: { ...copy.of, modified: 1 }, made: { path: join(folder, 'gone'), size: 1 } };
    const { path: made } = await makeCopy(elsewhere, noKernel);
    expect(made).not.toBe(copy.made!.path);
    expect(readFileSync(made, 'utf8')).toBe(content);
  });

  it('that cannot be made is an error with the name of the file', async () => {
    const path = join(folder, 'cut.deflate');
    writeFileSync(path, deflateSync('a\nb\n'));
    const copy = await copyIn(path);
    writeFileSync(path, deflateSync('a\nb\n').subarray(0, 5));
    await expect(makeCopy({ ...copy, of: { ...copy.of, modified: 1 }, made: undefined }, noKernel)).rejects.toMatchObject({
      condition: 'FAILED_READ_FILE.CORRUPT_COMPRESSED',
      messageParameters: { path: `file:${path}` },
    });
  });

  it('is cut into parts by the tasks that read it, and its file keeps its name', async () => {
    const path = join(folder, 'many.deflate');
    writeFileSync(path, deflateSync(Array.from({ length: 3000 }, (_, i) => `line ${i}`).join('\r')));
    const staged = stagedSql();
    const sql = `SELECT count(*), count(DISTINCT value), max(input_file_name()) FROM text.\`${path}\``;
    expect((await answerOf(staged.engine, sql)).rows).toEqual([[3000n, 3000n, `file://${path}`]]);
    staged.close();
  });
});
