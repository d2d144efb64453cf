/** What a figure has to be read with: the machine, how busy it was, and which commit ran. */
import { execFileSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { ROOT } from './paths.ts';

export type Machine = {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryMb: number;
  readonly kernel: string;
  readonly node: string;
};

export const machine = (): Machine => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  memoryMb: Math.round(totalmem() / 2 ** 20),
  kernel: release(),
  node: process.version,
});

/** Load average of 1, 5 and 15 minutes; on 2 cores a first number near 0 before the bench means that it had the machine for itself. */
export const load = (): number[] => loadavg().map((value) => Math.round(value * 100) / 100);

/** The commit that is checked out; `dirty` when files of src, bin or bench differ from it. */
export function commit(): { id: string; dirty: boolean } {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim();
  return {
    id: git('rev-parse', '--short=12', 'HEAD'),
    dirty: git('status', '--porcelain', '--', 'src', 'bin', 'bench', ':!bench/results') !== '',
  };
}
