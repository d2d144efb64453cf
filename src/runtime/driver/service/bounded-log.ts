// A Logger for what the driver says about jobs and stages: as many INFO lines as a person can use. A program that runs thousands of small
// jobs a second would else spend its time on their lines. Warnings and errors always pass.
import type { Clock, Logger } from '../../../common/ports.ts';

const LINES_PER_SECOND = 200;

type Budget = { secondMs: number; written: number; leftOut: number };

export class BoundedLog implements Logger {
  readonly #to: Logger;
  readonly #clock: Clock;
  readonly #budget: Budget;

  constructor(to: Logger, clock: Clock, budget: Budget = { secondMs: 0, written: 0, leftOut: 0 }) {
    this.#to = to;
    this.#clock = clock;
    this.#budget = budget;
  }

  /** Shares the budget. */
  named(name: string): BoundedLog {
    return new BoundedLog(this.#to.named(name), this.#clock, this.#budget);
  }

  debug(message: string): void {
    this.#to.debug(message);
  }

  info(message: string): void {
    const budget = this.#budget;
    const nowMs = this.#clock.nowMs();
    if (nowMs - budget.secondMs >= 1_000) {
      if (budget.leftOut > 0) this.#to.info(`${budget.leftOut} lines about jobs were left out; ${LINES_PER_SECOND} a second are written.`);
      Object.assign(budget, { secondMs: nowMs, written: 0, leftOut: 0 });
    }
    if (budget.written < LINES_PER_SECOND) {
      budget.written++;
      this.#to.info(message);
    } else budget.leftOut++;
  }

  warn(message: string): void {
    this.#to.warn(message);
  }

  error(message: string): void {
    this.#to.error(message);
  }
}
