// What the scheduler did last, for `health` in GET /ws/v1/cluster/scheduler: the last container of each kind of operation, and how many there were in
// the last moment in which there were any. Source: YARN's SchedulerHealth.
import type { Container } from './entities.ts';

export type Operation = 'allocation' | 'release' | 'preemption';
export type RunDetails = { count: number; memoryMb: number; vcores: number };
const nothing = (): RunDetails => ({ count: 0, memoryMb: 0, vcores: 0 });

export class SchedulerHealth {
  /** When it last looked for places. */
  lastRunMs = 0;
  readonly last: { -readonly [O in Operation]?: Container } = {};
  /** Of one moment: of the same ms. A preemption is a release, too. */
  run: Record<'allocation' | 'release', RunDetails> = { allocation: nothing(), release: nothing() };
  #runMs = 0;

  note(operation: Operation, container: Container, nowMs: number): void {
    this.last[operation] = container;
    if (operation === 'preemption') return;
    if (nowMs !== this.#runMs) {
      this.#runMs = nowMs;
      this.run = { allocation: nothing(), release: nothing() };
    }
    const details = this.run[operation];
    details.count++;
    details.memoryMb += container.resource.memoryMb;
    details.vcores += container.resource.vcores;
  }
}
