// Answers of tasks that come in parts (plan/frame-parts.ts): which of them may be put together now. The budget of answer-budget.ts bounds the
// driver's memory, however many slots have something large at once: a slot whose turn has not come is not read, so that its worker waits. Only
// what is told directly comes in parts: many middling results together, and all where spark.task.maxDirectResultSize is set so high. What would exceed spark.driver.maxResultSize is told before a byte of it is kept. Frames that are whole go on to task-answers.ts.
import type { PartHead } from '../../plan/frame-parts.ts';
import type { AnswerBudget } from './answer-budget.ts';
import type { LoopState } from './loop-state.ts';
import type { SlotLink } from './slot-link.ts';

/** What a frame has besides the result, at most, for one task: that much is no reason to refuse a job. */
const BESIDES_BYTES = 512;

type Waiting = { readonly slot: SlotLink; readonly head: PartHead; readonly frames: Buffer[]; readonly go: () => void };
export type TooMuch = { readonly bytes: number; readonly limitBytes: number; readonly tasks: number };

export class LargeAnswers {
  readonly #state: Pick<LoopState, 'core' | 'jobs' | 'maxResultBytes'>;
  readonly #again: (slot: SlotLink, frame: Buffer) => void;
  readonly #budget: AnswerBudget;
  readonly #arriving = new Map<number, PartHead>();
  /** In the order they came. */
  readonly #waiting = new Map<number, Waiting>();

  /** @param again takes the frames of a slot whose turn has come */
  constructor(
    state: Pick<LoopState, 'core' | 'jobs' | 'maxResultBytes'>,
    again: (slot: SlotLink, frame: Buffer) => void,
    budget: AnswerBudget,
  ) {
    this.#state = state;
    this.#again = again;
    this.#budget = budget;
  }

  /** What was read together with an answer that waits keeps its place behind it. */
  waits(slot: SlotLink, frame: Buffer): boolean {
    const waiting = this.#waiting.get(slot.id);
    waiting?.frames.push(frame);
    return waiting !== undefined;
  }

  /** The first part of an answer has come. @returns `waits`: the part comes again when it is this slot's turn */
  begin(slot: SlotLink, head: PartHead, part: Buffer): 'goOn' | 'waits' | TooMuch {
    if (this.#arriving.has(slot.id)) return 'goOn'; // its turn has come
    const tooMuch = this.#tooMuch(head);
    if (tooMuch !== undefined) return tooMuch;
    const go = () => this.#turn(slot.id);
    if (this.#budget.take(head.totalBytes, go)) {
      this.#arriving.set(slot.id, head);
      return 'goOn';
    }
    this.#waiting.set(slot.id, { slot, head, frames: [part], go });
    slot.channel.pause();
    return 'waits';
  }

  /** A slot's answer is whole and taken, or its slot is gone. */
  ended(slotId: number): void {
    const head = this.#arriving.get(slotId);
    if (head === undefined) return;
    this.#arriving.delete(slotId);
    this.#budget.release(head.totalBytes);
  }

  gone(slotId: number): void {
    const waiting = this.#waiting.get(slotId);
    this.#waiting.delete(slotId);
    if (waiting !== undefined) this.#budget.forget(waiting.go);
    this.ended(slotId);
  }

  #turn(slotId: number): void {
    const { slot, head, frames } = this.#waiting.get(slotId)!;
    this.#waiting.delete(slotId);
    this.#arriving.set(slotId, head);
    for (const frame of frames) this.#again(slot, frame);
    if (!this.#waiting.has(slotId)) slot.channel.resume();
  }

  /** Counted as Spark does: all results of the job that have come or are on their way. Map outputs are no results. */
  #tooMuch(head: PartHead): TooMuch | undefined {
    const { core, jobs, maxResultBytes } = this.#state;
    const stage = core.stageOf(head.stageKey);
    const job = stage?.dependency === undefined ? jobs.get(core.tasks.set(head.stageKey)?.spec.jobId ?? -1) : undefined;
    if (maxResultBytes === 0 || job === undefined) return undefined;
    let bytes = job.resultBytes;
    let tasks = job.resultTasks;
    let besides = 0;
    for (const { stageKey, totalBytes, count } of [head, ...this.#arriving.values(), ...[...this.#waiting.values()].map((w) => w.head)]) {
      if (stageKey !== head.stageKey) continue;
      bytes += totalBytes;
      tasks += count;
      besides += count * BESIDES_BYTES;
    }
    return bytes - besides > maxResultBytes ? { bytes, limitBytes: maxResultBytes, tasks } : undefined;
  }
}
