// A process of the oracle: replays the files that its parent (sql-oracle.ts) sends, statement by statement, and tells each verdict at once, so that
// a crash of the kernel's native code costs one statement.
import { SparkTestSession } from './spark-test-session.ts';
import type { SqlCase } from './spark-sql-tests.ts';
import { judgeError, judgeOutcome, type Verdict } from './verdict.ts';

export type Order = {
  readonly file: string;
  readonly cases: readonly (SqlCase & { settings: [string, string][] })[];
  readonly skip: readonly number[];
};
export type News = { readonly started: number } | { readonly done: number; readonly verdict: Verdict } | { readonly end: true };

const PATIENCE_MS = 20_000;
const tell = (news: News) => process.send!(news);

process.on('message', async ({ file, cases, skip }: Order) => {
  const session = new SparkTestSession(file, new Map(cases[0]?.settings));
  await session.addTestTables(cases.map((c) => c.text).join('\n'));
  for (const [i, item] of cases.entries()) {
    if (skip.includes(i)) continue;
    tell({ started: i });
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      void session.interrupt();
    }, PATIENCE_MS);
    let verdict: Verdict;
    try {
      verdict = judgeOutcome({ ...item }, await session.run(item.text));
    } catch (error) {
      verdict = isLate ? { kind: 'crash', cause: 'took too long', got: 'took too long' } : judgeError(item, error);
    }
    clearTimeout(timer);
    tell({ done: i, verdict });
  }
  await session.close();
  tell({ end: true });
});
