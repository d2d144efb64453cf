/**
 * Runs the same program on up to three sides in turn: Scala on Spark, Python on Spark, TypeScript on us; and says what each phase took.
 * The programs have the same name: bench/peer/<Scala>.scala, bench/peer/<python>.py, bench/programs/<ours>.ts.
 */
import { alternate, type Side } from './alternate.ts';
import type { Context, Figure } from './bench.ts';
import { submitOurs } from './emberloom.ts';
import type { Peer } from './peer-spark.ts';
import { demandSameAnswers, laterRuns, timingsOf, type Timing, valuesOf } from './program-output.ts';

export type Programs = { readonly scala: string; readonly python?: string; readonly ours: string };
export type Place = {
  readonly spark: Peer | undefined;
  readonly sparkFlags: readonly string[];
  readonly oursFlags: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Of our daemons, whose children the executors are. */
  readonly pids?: () => number[];
};
export type SideName = 'spark' | 'pyspark' | 'emberloom';
export type Outputs = ReadonlyMap<string, readonly string[]>;

/** @param args of the program; python may have its own, for a side that would take too long */
export async function runSides(
  context: Context,
  { scala, python, ours }: Programs,
  place: Place,
  args: readonly (string | number)[],
  pythonArgs = args,
): Promise<Outputs> {
  const { spark, sparkFlags: flags } = place;
  const sides: Side<string>[] = [];
  if (spark) {
    sides.push({ name: 'spark', run: async () => (await spark.submit({ flags, program: scala, arguments: args })).stdout });
    if (python !== undefined)
      sides.push({ name: 'pyspark', run: async () => (await spark.submit({ flags, program: python, arguments: pythonArgs })).stdout });
  }
  if (context.options.ours) {
    const submission = { flags: place.oursFlags, program: ours, arguments: args, ...(place.env && { env: place.env }) };
    sides.push({ name: 'emberloom', run: async () => (await submitOurs(context, submission)).stdout });
  }
  const outputs = await alternate(context.options.rounds, sides);
  demandSameAnswers(new Map([...outputs].map(([side, texts]) => [side, texts.map(timingsOf)])));
  return outputs;
}

const timings = (outputs: Outputs, side: SideName): Timing[][] => (outputs.get(side) ?? []).map(timingsOf);
/** Warm runs of a phase: all but the first in each application. */
export const warm = (outputs: Outputs, side: SideName, phase: string): number[] => laterRuns(timings(outputs, side), phase);
export const values = (outputs: Outputs, side: SideName, name: string): number[] =>
  (outputs.get(side) ?? []).flatMap((text) => valuesOf(text, name).filter((value) => value !== null));

/** Against Scala the aim is to be ahead, against PySpark five times as fast; where Python did not run there is one figure. */
export function figuresOf(outputs: Outputs, phase: string, name: string): Figure[] {
  const ours = warm(outputs, 'emberloom', phase);
  const figures: Figure[] = [
    {
      name: `${name}: Scala`,
      unit: 's',
      peer: warm(outputs, 'spark', phase),
      ours,
      aim: { text: 'ahead of Scala', holds: (_, ratio) => ratio !== undefined && ratio > 1 },
    },
  ];
  const python = warm(outputs, 'pyspark', phase);
  if (python.length > 0)
    figures.push({
      name: `${name}: PySpark`,
      unit: 's',
      peer: python,
      ours,
      aim: { text: '5 times PySpark', holds: (_, ratio) => ratio !== undefined && ratio >= 5 },
    });
  return figures;
}
