/** Reads the lines `BENCH {...}` that bench/programs and bench/peer print; everything else on stdout is the program's own talk. */

export type Timing = { readonly phase: string; readonly run: number; readonly seconds: number; readonly check: string };

export function timingsOf(stdout: string): Timing[] {
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('BENCH '))
    .map((line) => JSON.parse(line.slice('BENCH '.length)) as Timing);
}

/** Figures that are no times, from lines `VALUE {...}`; null where a program found nothing to measure. */
export function valuesOf(stdout: string, name: string): (number | null)[] {
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('VALUE '))
    .map((line) => JSON.parse(line.slice('VALUE '.length)) as { name: string; value: number | null })
    .filter((value) => value.name === name)
    .map(({ value }) => value);
}

/** Seconds of one phase over several applications: the first run of each, or all later ones. */
export const firstRuns = (applications: readonly Timing[][], phase: string): number[] =>
  applications
    .flat()
    .filter((t) => t.phase === phase && t.run === 0)
    .map((t) => t.seconds);
export const laterRuns = (applications: readonly Timing[][], phase: string): number[] =>
  applications
    .flat()
    .filter((t) => t.phase === phase && t.run > 0)
    .map((t) => t.seconds);

/** @throws Error when two sides, or two runs of one side, gave different answers: then no figure of theirs means anything */
export function demandSameAnswers(sides: ReadonlyMap<string, readonly Timing[][]>): void {
  const seen = new Map<string, { check: string; by: string }>();
  for (const [by, applications] of sides) {
    for (const { phase, check } of applications.flat()) {
      const before = seen.get(phase);
      if (before === undefined) seen.set(phase, { check, by });
      else if (before.check !== check) throw new Error(`${phase}: ${before.by} answers ${before.check}, ${by} answers ${check}`);
    }
  }
}
