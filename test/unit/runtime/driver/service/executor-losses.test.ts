// Who is lost for his silence, and who is not because nobody listened.
import { describe, expect, it } from 'vitest';
import type { Logger } from '../../../../../src/common/ports.ts';
import { ExecutorLosses } from '../../../../../src/runtime/driver/service/executor-losses.ts';
import type { Executor, ExecutorTable } from '../../../../../src/runtime/driver/service/executor-table.ts';

const EVERY_MS = 30_000;
const quiet: Logger = { debug() {}, info() {}, warn() {}, error() {}, named: () => quiet };

function driver(lastHeardMs: number) {
  let nowMs = 0;
  const removed: string[] = [];
  const executor = {
    id: '1',
    host: 'h',
    blockAddress: '',
    outputsAddress: 'of the node',
    slots: new Map(),
    endings: new Map(),
    lastHeardMs,
    gone: false,
  } as unknown as Executor;
  const table = {
    executors: new Map([['1', executor]]),
    exits: new Map(),
    stopped: false,
    options: {
      clock: { nowMs: () => nowMs },
      log: quiet,
      networkTimeoutMs: 120_000,
      giveUp() {},
      onExecutor() {},
      events: { executorRemoved: (_: string, reason: string) => removed.push(reason) },
    },
  } as unknown as ExecutorTable;
  const losses = new ExecutorLosses(table);
  const sweepAt = (ms: number) => {
    nowMs = ms;
    losses.sweep(EVERY_MS);
  };
  return { executor, removed, sweepAt };
}

describe('the silence of executors', () => {
  it('is a loss when it lasts longer than spark.network.timeout', () => {
    const { removed, sweepAt } = driver(0);
    for (const ms of [30_000, 60_000, 90_000, 120_000]) sweepAt(ms);
    expect(removed).toEqual([]);
    sweepAt(150_000);
    expect(removed).toEqual(['Executor heartbeat timed out after 150000 ms']);
  });

  it('does not count while the driver itself stood still: its heartbeats lie in the sockets', () => {
    const { executor, removed, sweepAt } = driver(29_000);
    sweepAt(30_000);
    sweepAt(600_000); // the program computed for ten minutes, and timers come before sockets
    expect(removed).toEqual([]);
    executor.lastHeardMs = 600_001;
    sweepAt(630_000);
    expect(removed).toEqual([]);
  });

  it('counts again afterwards: who was dead all the while is lost in the usual time', () => {
    const { removed, sweepAt } = driver(29_000);
    sweepAt(30_000);
    for (const ms of [600_000, 630_000, 660_000]) sweepAt(ms);
    expect(removed).toEqual([]);
    sweepAt(690_000);
    expect(removed).toEqual(['Executor heartbeat timed out after 121000 ms']);
  });

  it("never counts for a local master's own process", () => {
    const { removed, sweepAt } = driver(Number.POSITIVE_INFINITY);
    for (const ms of [600_000, 1_200_000, 1_230_000, 1_260_000, 1_290_000, 1_320_000, 1_350_000]) sweepAt(ms);
    expect(removed).toEqual([]);
  });
});
