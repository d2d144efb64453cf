/**
 * How a program of ours says what it measured: one line `BENCH {...}` on stdout for each timed run.
 * The reader is bench/lib/program-output.ts; bench/peer/Report.scala writes the same lines for Spark.
 */
import { readFileSync } from 'node:fs';

/** Times `body` once and prints the line. Its answer is compared with the other side's, so nobody wins by doing less. */
export async function timed(phase: string, run: number, body: () => Promise<string>): Promise<void> {
  const from = performance.now();
  const check = await body();
  const seconds = (performance.now() - from) / 1000;
  console.log(`BENCH ${JSON.stringify({ phase, run, seconds, check })}`);
}

/** The most memory that this process has had, as `VALUE {"name":"peak MB"}`. Linux only. */
export function peakMemory(): void {
  value('peak MB', Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0) / 1024);
}

/** A figure that is no time, say megabytes: one line `VALUE {...}`. */
export const value = (name: string, amount: number): void => console.log(`VALUE ${JSON.stringify({ name, value: amount })}`);
