// The tables of docs/BENCHMARKS.md: the latest kept run of each bench (bench/results/*.jsonl). What is said about them stands around the
// markers, written by hand.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

type Summary = { median: number; min: number; max: number; runs: number };
type Figure = { name: string; unit: string; peer?: Summary; ours?: Summary; ratio?: number; aim?: { text: string; holds?: boolean } };
type Run = {
  at: string;
  commit: { id: string; dirty: boolean };
  machine: { cpu: string; cores: number; memoryMb: number; node: string };
  loadBefore: number[];
  note: string;
  figures: Figure[];
};

/** In the order of the issue that set the aims. */
const BENCHES = [
  'spark-pi-standalone',
  'spark-pi-cluster',
  'spark-pi-local',
  'empty-tasks',
  'word-count',
  'shuffle',
  'idle-memory',
  'scheduler-core',
  'scheduler',
  'node-connections',
  'spilling',
  'tpch',
  'sql-scale',
  'sql-session',
  'iterative',
  'small-tasks',
  'large-stage',
  'recovery',
  'executor-replacement',
  'dynamic-allocation',
];

export function benchmarksPage(): string {
  const page = readFileSync(join(root, 'docs/BENCHMARKS.md'), 'utf8');
  const tables = BENCHES.map(table).filter((text) => text !== undefined);
  return page.replace(/(<!-- figures -->\n)[\s\S]*?(\n<!-- end -->)/, (_, begin, end) => `${begin}\n${tables.join('\n')}${end}`);
}

function table(bench: string): string | undefined {
  const file = join(root, 'bench/results', `${bench}.jsonl`);
  if (!existsSync(file)) return undefined;
  const run = JSON.parse(readFileSync(file, 'utf8').trimEnd().split('\n').at(-1)!) as Run;
  const { at, commit, machine, loadBefore, note, figures } = run;
  const circumstances = [
    at.slice(0, 10),
    `commit ${commit.id}${commit.dirty ? ' and changes on top' : ''}`,
    `${machine.cores} cores of ${machine.cpu}, ${Math.round(machine.memoryMb / 1024)} GB, Node.js ${machine.node}`,
    `load ${loadBefore[0]} before`,
    ...(note === '' ? [] : [note]),
  ];
  const peers = figures.some((f) => f.peer !== undefined);
  const rows = figures.map(({ name, unit, peer, ours, ratio, aim }) => {
    const aimed = aim === undefined ? '' : `${aim.text}: ${aim.holds ? 'holds' : '**does not hold**'}`;
    const cells = [
      name,
      ...(peers ? [say(peer, unit)] : []),
      say(ours, unit),
      ...(peers ? [ratio === undefined ? '' : round(ratio)] : []),
      aimed,
    ];
    return `| ${cells.join(' | ')} |`;
  });
  const head = peers
    ? '| figure | Spark | Emberloom | ratio | aim |\n| --- | --- | --- | --- | --- |'
    : '| figure | Emberloom | aim |\n| --- | --- | --- |';
  return `### \`bench/${bench}.ts\`\n\n${circumstances.join(' · ')}\n\n${head}\n${rows.join('\n')}\n`;
}

const say = (s: Summary | undefined, unit: string): string =>
  s === undefined ? '' : `${round(s.median)} ${unit} (${round(s.min)} to ${round(s.max)}, ${s.runs})`;
const round = (value: number): string => (value >= 1000 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3))));
