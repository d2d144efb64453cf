// `[Stage 0:=====>      (3 + 2) / 10]` on stderr while stages run. Source: Spark's ConsoleProgressBar: after 500 ms, every 200 ms, three
// stages side by side, redrawn at least each minute, cleared with spaces.
import type { Clock, Timers } from '../../../common/ports.ts';
import type { DagScheduler } from '../core/dag-scheduler.ts';

const FIRST_DELAY_MS = 500;
const PERIOD_MS = 200;
const REDRAW_MS = 60_000;
const MOST_STAGES = 3;
const DEFAULT_WIDTH = 80;

export type StageProgress = { readonly stageId: number; readonly done: number; readonly running: number; readonly total: number };

/** One line without `\r`, `width` columns shared by the stages. Pure. */
export function progressLine(stages: readonly StageProgress[], terminalWidth: number): string {
  const shown = stages.slice(0, MOST_STAGES);
  const width = Math.floor(terminalWidth / Math.max(1, shown.length));
  return shown
    .map(({ stageId, done, running, total }) => {
      const header = `[Stage ${stageId}:`;
      const tailer = `(${done} + ${running}) / ${total}]`;
      const room = width - header.length - tailer.length;
      if (room <= 0) return header + tailer;
      const filled = Math.floor((room * done) / total);
      let bar = '';
      for (let i = 0; i < room; i++) bar += i < filled ? '=' : i === filled ? '>' : ' ';
      return header + bar + tailer;
    })
    .join('');
}

export class ProgressBar {
  readonly #out: { write(text: string): unknown; readonly columns?: number };
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #core: DagScheduler;
  #cancel: (() => void) | undefined;
  #shown = '';
  #drawnMs = 0;

  constructor(out: { write(text: string): unknown; readonly columns?: number }, clock: Clock, timers: Timers, core: DagScheduler) {
    this.#out = out;
    this.#clock = clock;
    this.#timers = timers;
    this.#core = core;
  }

  /** A job was submitted: look from time to time, until nothing runs. */
  wake(): void {
    this.#cancel ??= this.#timers.every(PERIOD_MS, () => this.#tick());
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.hide();
  }

  #tick(): void {
    const nowMs = this.#clock.nowMs();
    if (this.#core.jobs.size === 0) {
      this.stop();
      return;
    }
    const stages: StageProgress[] = [];
    for (const set of this.#core.tasks.sets) {
      const stage = this.#core.stageOf(set.spec.key);
      if (stage === undefined || set.zombie || nowMs - stage.submittedAtMs < FIRST_DELAY_MS) continue;
      stages.push({ stageId: stage.id, done: stage.doneCount, running: set.runningCount, total: stage.partitions.length });
    }
    if (stages.length === 0) {
      this.hide();
      return;
    }
    const width = this.#out.columns ?? (Number(process.env['COLUMNS']) || DEFAULT_WIDTH);
    const line = progressLine(stages, width);
    if (line === this.#shown && nowMs - this.#drawnMs < REDRAW_MS) return;
    this.#out.write(`\r${line}\r`);
    this.#shown = line;
    this.#drawnMs = nowMs;
  }

  /** Also called before a line of the log is written: it would end in what the bar has left there. The next tick draws it again. */
  hide(): void {
    if (this.#shown === '') return;
    this.#out.write(`\r${' '.repeat(this.#shown.length)}\r`);
    this.#shown = '';
  }
}
