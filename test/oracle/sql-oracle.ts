// node test/oracle/sql-oracle.ts [--failures] [--jobs=n] [name…]: replays Spark 4.2's SQL tests through our engine and compares schema, rows, errors.
// `name` chooses files (`core` those that are in no folder); --failures shows each statement that differs, --contexts each error at run time that
// points to another piece of the text. Verdicts are kept beside the artefact
// (a file for each checkout), and the next run tells which statements were right before and are no more. Not part of npm test: it needs Maven's client.
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { News, Order } from './replay-child.ts';
import { cacheFolder, type SqlCase, sqlCases } from './spark-sql-tests.ts';
import type { Kind, Verdict } from './verdict.ts';

const args = process.argv.slice(2);
const names = args.filter((arg) => !arg.startsWith('--'));
const showsFailures = args.includes('--failures');
const showsContexts = args.includes('--contexts');
const jobs = Number(args.find((arg) => arg.startsWith('--jobs='))?.slice('--jobs='.length) ?? 1);
const KINDS: readonly Kind[] = ['right', 'schema', 'rows', 'condition', 'accepted', 'failed', 'not built', 'crash'];
const PATIENCE_MS = 60_000;

const isChosen = (file: string) =>
  names.length === 0 ||
  names.some((name) => (name === 'core' ? !file.includes('/') : file === name || file.startsWith(name) || file === `${name}.sql`));

const files = Map.groupBy(await sqlCases(), (c) => c.file);
const verdicts = new Map<string, Verdict[]>();
const queue = [...files.keys()].filter(isChosen).sort();
await Promise.all(Array.from({ length: jobs }, work));
report();

async function work(): Promise<void> {
  let child: ChildProcess | undefined;
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    const cases = files.get(file)!;
    const found: Verdict[] = [];
    verdicts.set(file, found);
    while (!(await replay((child ??= fork(join(import.meta.dirname, 'replay-child.ts'))), file, cases, found))) child = undefined;
  }
  child?.kill();
}

/** @returns false: the process ended in the middle, and another must go on */
function replay(child: ChildProcess, file: string, cases: readonly SqlCase[], found: Verdict[]): Promise<boolean> {
  const skip = cases.flatMap((_, i) => (found[i]?.kind === 'crash' && found[i].cause === 'the process ended' ? [i] : []));
  let running = 0;
  let timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  return new Promise((resolve) => {
    const end = (isWhole: boolean) => {
      clearTimeout(timer);
      child.removeAllListeners();
      resolve(isWhole);
    };
    child.on('message', (news: News) => {
      clearTimeout(timer);
      if ('end' in news) return end(true);
      if ('started' in news) running = news.started;
      else found[news.done] = news.verdict;
      timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    });
    child.on('exit', () => {
      found[running] = { kind: 'crash', cause: 'the process ended', got: 'the process ended' };
      end(false);
    });
    const plain = cases.map((c) => ({ ...c, settings: [...c.settings] }));
    child.send({ file, cases: plain, skip } as unknown as Order);
  });
}

function report(): void {
  const totals = new Map<Kind, number>();
  const causes = new Map<string, number>();
  let otherParameters = 0;
  const contexts = { same: 0, other: 0 };
  const lines: string[] = [];
  for (const [file, list] of [...verdicts].sort()) {
    const counts = new Map<Kind, number>();
    for (const { kind, cause, hasOtherParameters, context } of list) {
      if (context !== undefined) contexts[context]++;
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      totals.set(kind, (totals.get(kind) ?? 0) + 1);
      if (hasOtherParameters) otherParameters++;
      if (cause !== undefined && kind !== 'right') causes.set(`${kind}: ${cause}`, (causes.get(`${kind}: ${cause}`) ?? 0) + 1);
    }
    lines.push(
      `${String(counts.get('right') ?? 0).padStart(5)} of ${String(list.length).padStart(4)}  ${file}  ${KINDS.slice(1)
        .flatMap((k) => (counts.has(k) ? [`${k} ${counts.get(k)}`] : []))
        .join(', ')}`,
    );
    const isShown = ({ kind, context }: Verdict) => (kind !== 'right' && showsFailures) || (context === 'other' && showsContexts);
    list.forEach((verdict, i) => isShown(verdict) && showFailure(files.get(file)![i]!, verdict));
  }
  const all = [...totals.values()].reduce((a, b) => a + b, 0);
  console.log(lines.join('\n'));
  console.log('\nwhat pays next:');
  for (const [cause, n] of [...causes].sort((a, b) => b[1] - a[1]).slice(0, 150)) console.log(`${String(n).padStart(5)}  ${cause}`);
  tellRegressions();
  console.log(`\n${KINDS.map((k) => `${k} ${totals.get(k) ?? 0}`).join(', ')}`);
  console.log(
    `right: ${totals.get('right') ?? 0} of ${all} (${((100 * (totals.get('right') ?? 0)) / all).toFixed(1)} %); ${otherParameters} right errors have other parameters; ` +
      `${contexts.same} of ${contexts.same + contexts.other} right errors at run time point to the same piece of the text`,
  );
}

function showFailure(expected: SqlCase, { kind, got }: Verdict): void {
  const wanted = expected.error
    ? `${expected.error.condition} ${JSON.stringify(expected.error.parameters)}\n${expected.error.context}`
    : `${expected.schema}\n${expected.output}`;
  console.log(`--- ${expected.file}: ${kind}\n${expected.text}\n≡ Spark:\n${wanted}\n≡ ours:\n${got}\n`);
}

function tellRegressions(): void {
  const path = join(cacheFolder(), `verdicts${import.meta.dirname.replaceAll('/', '-')}.json`);
  const before = (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}) as Record<string, Kind[]>;
  let shown = 0;
  for (const [file, list] of verdicts) {
    list.forEach(({ kind, got }, i) => {
      if (before[file]?.[i] !== 'right' || kind === 'right' || ++shown > 40) return;
      console.log(`no longer right: ${file}: ${files.get(file)![i]!.text.slice(0, 200)}\n    ${kind}: ${got?.slice(0, 300)}`);
    });
    before[file] = list.map((v) => v.kind);
  }
  if (shown > 0) console.log(`${shown} statements are no longer right`);
  writeFileSync(path, JSON.stringify(before));
}
