/** What the three SparkPi benches share: both sides from submit to exit, timed from outside, and the answer looked at. */
import { alternate, type Side } from './alternate.ts';
import type { Aim, Context, Figure } from './bench.ts';
import type { Finished } from './command.ts';

/** Spark's own example uses 2 slices when it is not told otherwise. */
export const SLICES = 2;

export type SparkPi = {
  readonly figure: string;
  readonly aim: Aim;
  readonly peer?: (() => Promise<Finished>) | undefined;
  readonly ours?: (() => Promise<Finished>) | undefined;
  /** False in cluster mode, where the program's output is in the cluster's logs and the exit code has to do. */
  readonly answerOnStdout: boolean;
};

/** One run of each side before the rounds is not counted: it pulls files into the page cache, and prestarted executors up. */
export async function compareSparkPi({ options }: Context, { figure, aim, peer, ours, answerOnStdout }: SparkPi): Promise<Figure[]> {
  const side = (name: string, run: () => Promise<Finished>): Side<number> => ({
    name,
    run: async () => {
      const { seconds, stdout } = await run();
      if (answerOnStdout) demandPi(name, stdout);
      return seconds;
    },
  });
  const sides = [...(peer ? [side('spark', peer)] : []), ...(ours ? [side('emberloom', ours)] : [])];
  for (const { run } of sides) await run(0);
  const seconds = await alternate(options.rounds, sides);
  return [{ name: figure, unit: 's', peer: seconds.get('spark') ?? [], ours: seconds.get('emberloom') ?? [], aim }];
}

/** With 200,000 darts the answer is within 0.05 of π but for one run in 10^40. */
function demandPi(name: string, stdout: string): void {
  const answer = Number(/Pi is roughly ([\d.]+)/.exec(stdout)?.[1]);
  if (!(Math.abs(answer - Math.PI) < 0.05)) throw new Error(`${name} says that pi is ${answer}; its output:\n${stdout}`);
}
