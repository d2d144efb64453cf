/**
 * The peer's figures by day, in bench/results/peer-<date>.json: Spark does not change, so when its figures do, the machine has.
 * A day's file holds the latest run of each bench on that day; every run ever is in bench/results/<name>.jsonl.
 */
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RESULTS } from './paths.ts';
import type { Summary } from './statistics.ts';

type PeerFigure = { readonly name: string; readonly unit: string; readonly peer: Summary | undefined };
export type PeerRun = {
  readonly at: string;
  readonly loadBefore: readonly number[];
  readonly sizes: Readonly<Record<string, number>>;
  readonly figures: readonly PeerFigure[];
};
type Day = Record<string, PeerRun>;

/** @returns a sentence for each figure that the peer also had in the latest kept run of equal sizes */
export function peerSince(name: string, sizes: PeerRun['sizes'], now: readonly PeerFigure[]): string[] {
  const before = globSync(join(RESULTS, 'peer-*.json'))
    .sort()
    .flatMap((path) => readDay(path)[name] ?? [])
    .filter((run) => JSON.stringify(run.sizes) === JSON.stringify(sizes))
    .at(-1);
  return (before?.figures ?? []).flatMap((old) => {
    const median = now.find((figure) => figure.name === old.name)?.peer?.median;
    if (old.peer === undefined || median === undefined) return [];
    const percent = Math.round((median / old.peer.median - 1) * 100);
    return `Spark since ${before?.at.slice(0, 16)} (load ${before?.loadBefore[0]}): ${percent < 0 ? '' : '+'}${percent} %  ${old.name}`;
  });
}

/** Replaces this bench's entry of the day and keeps the others'. */
export function keepPeer(name: string, run: PeerRun): void {
  const path = join(RESULTS, `peer-${run.at.slice(0, 10)}.json`);
  writeFileSync(path, `${JSON.stringify({ ...(existsSync(path) ? readDay(path) : {}), [name]: run }, null, 2)}\n`);
}

const readDay = (path: string): Day => JSON.parse(readFileSync(path, 'utf8')) as Day;
