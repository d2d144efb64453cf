// What a round does, drawn from the seed and the round's number alone: program, mode, and which fault strikes when. The same seed gives the
// same rounds; what they hit still depends on the machine's pace. Pure: doing it is round.ts.
import { Prng } from '../../src/common/prng.ts';

export const MODES = ['client', 'cluster', 'local-cluster'] as const;
export type Mode = (typeof MODES)[number];
/** choice: any number, for the fault to choose its victim by. */
export type Strike = { readonly fault: string; readonly afterMs: number; readonly choice: number };
/** service: with the shuffle service of the NodeManagers. */
export type Round = {
  readonly number: number;
  readonly program: number;
  readonly mode: Mode;
  readonly service: boolean;
  readonly strikes: readonly Strike[];
};

const MOST_STRIKES = 3;
/** Most programs take two to four seconds. */
const WITHIN_MS = 3_500;

/** @param faultsOf the faults that make sense in a mode, in a fixed order */
export function planRound(seed: number, number: number, programs: number, faultsOf: (mode: Mode) => readonly string[]): Round {
  const prng = new Prng(Math.imul(seed, 1_000_003) + number);
  for (let i = 0; i < 8; i++) prng.next(); // neighbouring seeds begin alike
  const mode = prng.pick(MODES.filter((m) => faultsOf(m).length > 0));
  const program = prng.int(programs);
  const faults = faultsOf(mode);
  const count = 1 + prng.int(MOST_STRIKES);
  const strikes = Array.from({ length: count }, () => ({
    fault: prng.pick(faults),
    afterMs: prng.int(WITHIN_MS),
    choice: prng.int(1 << 30),
  }));
  const service = mode !== 'local-cluster' && prng.int(2) === 0;
  return { number, program, mode, service, strikes: strikes.sort((a, b) => a.afterMs - b.afterMs) };
}

export const describeRound = (round: Round, program: string): string =>
  `round ${round.number}: ${program} in ${round.mode} mode${round.service ? ' with the shuffle service' : ''}; ${round.strikes.map((s) => `${s.fault} at ${s.afterMs} ms`).join(', ')}`;
