// When a program's main thread counts as stuck, and signals end it without a word: when it never comes up for air, not when the machine gives it none.
import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const CHILD = new URL('../../fixtures/signals/main-thread.ts', import.meta.url).pathname;
const seen = async (how: string): Promise<number> => Number((await promisify(execFile)(process.execPath, [CHILD, how])).stdout);

function canStarve(): boolean {
  try {
    execFileSync('taskset', ['-V'], { stdio: 'ignore' });
    execFileSync('chrt', ['-V'], { stdio: 'ignore' });
    return process.platform === 'linux';
  } catch {
    return false;
  }
}

describe('a main thread', () => {
  it.runIf(canStarve())('that is ready and gets no turn is not stuck', async () => {
    expect(await seen('starved')).toBe(0);
  });

  it.each(['computes', 'naps'])('that %s in a loop is', async (how) => {
    expect(await seen(how)).toBe(1);
  });
});
