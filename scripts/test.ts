// npm test: vitest and the shell tests side by side. Shell tests wait for processes most of their time, so one lane more than there are processors
// keeps these busy; each shell file is a run of bats of its own. Outputs are printed whole, one after the other, as they end; at the end what failed
// once more, vitest's closing lines, and `N passed, N failed`. The exit code is 1 when anything failed. `npm test -- sql tpch` runs only what has one
// of these in its name (`vitest`, `test/cli/sql.bats`).
// What runs and counts: side-by-side.ts, test-tally.ts.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, type Ended, SideBySide } from './side-by-side.ts';
import { added, NOTHING, type Tally, tallyOfTap, tallyOfVitest } from './test-tally.ts';

const root = join(import.meta.dirname, '..');
/** What lasts longest begins first, so that all lanes end at about the same time. */
const LONGEST = [
  ...['faults', 'first-use', 'bad-input', 'package', 'examples', 'submit-options', 'sql-limits', 'sql-stages', 'dynamic-allocation'],
  ...['why-waiting', 'storage', 'shuffle', 'security', 'chaos', 'hosts', 'guide', 'history', 'reasons'],
];
const rank = (file: string): number => (LONGEST.includes(file.slice(0, -5)) ? LONGEST.indexOf(file.slice(0, -5)) : LONGEST.length);

const folder = mkdtempSync(join(tmpdir(), 'emberloom-test.'));
const report = join(folder, 'vitest.json');
const UNIT = 'vitest';
const unit: Command = {
  name: UNIT,
  file: process.execPath,
  args: [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
};
const shell = readdirSync(join(root, 'test/cli'))
  .filter((file) => file.endsWith('.bats'))
  .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
  .map((file) => ({ name: `test/cli/${file}`, file: join(root, 'node_modules/bats/bin/bats'), args: ['-T', `test/cli/${file}`] }));

function vitestReport(): string | undefined {
  try {
    return readFileSync(report, 'utf8');
  } catch {
    return undefined;
  }
}

let total: Tally = NOTHING;
let closing = '';
function ended({ name, output, code, seconds }: Ended): void {
  process.stdout.write(`\n== ${name} (${seconds.toFixed(0)} s)\n${output}`);
  total = added(total, name === UNIT ? tallyOfVitest(name, vitestReport(), code) : tallyOfTap(name, output, code));
  if (name === UNIT) closing = `${output.slice(Math.max(0, output.lastIndexOf(' Test Files '))).trimEnd()}\n`;
}

process.chdir(root);
const runs = new SideBySide();
let stopped: NodeJS.Signals | undefined;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    stopped ??= signal;
    runs.stop(signal);
  });
const wanted = process.argv.slice(2);
const commands = [unit, ...shell].filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
if (commands.length === 0) throw new Error(`nothing to test has ${wanted.join(' or ')} in its name`);
await runs.run(commands, availableParallelism() + 1, ended);
rmSync(folder, { recursive: true });
if (total.failures.length > 0) process.stdout.write(`\n== failed\n${total.failures.join('\n')}\n`);
process.stdout.write(`\n== all\n${closing}`);
if (stopped !== undefined) process.stdout.write(`stopped by ${stopped}\n`);
const { passed, skipped, failures } = total;
if (skipped > 0) process.stdout.write(`${skipped} skipped\n`);
process.stdout.write(`${passed} passed, ${failures.length} failed\n`);
process.exitCode = failures.length > 0 || stopped !== undefined ? 1 : 0;
