/**
 * One bench from flags to kept result: what each script in bench/ calls. It measures nothing itself.
 * Results are appended to bench/results/<name>.jsonl; the peer's also go where peer-history.ts says.
 */
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { commit, load, machine } from './machine.ts';
import { readOptions, type Options } from './options.ts';
import { RESULTS, WORK } from './paths.ts';
import { keepPeer, peerSince } from './peer-history.ts';
import { summarize, type Summary } from './statistics.ts';

/** One line of the table. `ratio` says how many times better we are, whichever way is better. */
export type Figure = {
  readonly name: string;
  readonly unit: 's' | 'ms' | 'us' | 'tasks/s' | 'containers/s' | 'MB' | '%';
  readonly peer: readonly number[];
  readonly ours: readonly number[];
  readonly aim?: Aim;
};
/** `holds` sees our median and the ratio (undefined when the peer did not run). */
export type Aim = { readonly text: string; readonly holds: (ours: number, ratio: number | undefined) => boolean };

/** Clean-ups run last first, also when the bench fails. */
export type Context = { readonly options: Options; readonly atEnd: (clean: () => Promise<void>) => void };

export async function bench(name: string, rounds: number, measure: (context: Context) => Promise<Figure[]>): Promise<void> {
  const options = readOptions(rounds);
  mkdirSync(WORK, { recursive: true });
  const at = new Date().toISOString();
  const loadBefore = load();
  const cleanUps: (() => Promise<void>)[] = [];
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void cleanUp(cleanUps).then(() => process.exit(130)));
  let figures: Figure[];
  try {
    figures = await measure({ options, atEnd: (clean) => void cleanUps.push(clean) });
  } finally {
    await cleanUp(cleanUps);
  }
  const lines = figures.map(compare);
  const { note, sizes } = options;
  const circumstances = { at, commit: commit(), machine: machine(), loadBefore, loadAfter: load(), note, rounds: options.rounds, sizes };
  print(name, circumstances, lines);
  if (options.peer) for (const change of peerSince(name, sizes, lines)) console.log(`  ${change}`);
  if (!options.keep) return;
  mkdirSync(RESULTS, { recursive: true });
  appendFileSync(join(RESULTS, `${name}.jsonl`), `${JSON.stringify({ bench: name, ...circumstances, figures: lines })}\n`);
  if (options.peer)
    keepPeer(name, { ...circumstances, figures: lines.map(({ name: figure, unit, peer }) => ({ name: figure, unit, peer })) });
}

type Line = {
  name: string;
  unit: string;
  peer: Summary | undefined;
  ours: Summary | undefined;
  ratio: number | undefined;
  aim: { text: string; holds: boolean | undefined } | undefined;
};
const higherIsBetter = (unit: Figure['unit']): boolean => unit.endsWith('/s');

function compare({ name, unit, peer, ours, aim }: Figure): Line {
  const [p, o] = [summarize(peer), summarize(ours)];
  const ratio = p && o ? (higherIsBetter(unit) ? o.median / p.median : p.median / o.median) : undefined;
  return { name, unit, peer: p, ours: o, ratio, aim: aim && { text: aim.text, holds: o && aim.holds(o.median, ratio) } };
}

function print(
  name: string,
  { loadBefore, loadAfter, note }: { loadBefore: number[]; loadAfter: number[]; note: string },
  lines: readonly Line[],
): void {
  console.log(`\n${name}   load ${loadBefore[0]} before, ${loadAfter[0]} after${note && `   (${note})`}`);
  for (const { name: figure, unit, peer, ours, ratio, aim } of lines) {
    const verdict = aim && `   aim ${aim.text}${aim.holds === undefined ? '' : aim.holds ? ': holds' : ': DOES NOT HOLD'}`;
    console.log(
      `  ${figure}\n    Spark ${say(peer, unit)}   Emberloom ${say(ours, unit)}   ${ratio === undefined ? '' : `ratio ${round(ratio)}`}${verdict ?? ''}`,
    );
  }
}

const say = (s: Summary | undefined, unit: string): string =>
  s ? `${round(s.median)} ${unit} (${round(s.min)}..${round(s.max)}, ${s.runs} runs)` : '—';
const round = (value: number): string => (value >= 1000 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(3));

async function cleanUp(cleanUps: (() => Promise<void>)[]): Promise<void> {
  for (let clean = cleanUps.pop(); clean; clean = cleanUps.pop()) await clean().catch((fault: unknown) => console.error(fault));
}
