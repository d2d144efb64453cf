// Where the tasks of a barrier stage meet: each says which meeting it has come to, and is answered when all have. A meeting that some don't
// come to ends after spark.barrier.sync.timeout, or with its stage. Source: Spark's BarrierCoordinator.
import { AppError } from '../../../common/errors.ts';
import type { Timers } from '../../../common/ports.ts';
import { barrierJoin, barrierSync } from '../../../rpc/messages/barrier.ts';
import type { Peer } from '../../../rpc/peer.ts';
import type { TaskScheduler } from '../core/task-scheduler.ts';

type Meeting = {
  readonly kind: string;
  /** By index in the set. */
  readonly messages: (string | undefined)[];
  readonly waiting: { resolve: (reply: { messages: string[] }) => void; reject: (error: AppError) => void }[];
  readonly cancel: () => void;
};

export type BarrierPorts = {
  readonly tasks: Pick<TaskScheduler, 'set' | 'place'>;
  readonly timers: Timers;
  readonly timeoutMs: number;
};

export class BarrierCoordinator {
  readonly #ports: BarrierPorts;
  /** Stage key → number of the meeting → who is there. */
  readonly #stages = new Map<number, Map<number, Meeting>>();

  constructor(ports: BarrierPorts) {
    this.#ports = ports;
  }

  serve(slot: Peer): void {
    slot.serve(barrierJoin, ({ stageKey }) => ({ hosts: this.#hosts(stageKey) }));
    slot.serve(barrierSync, (request) => this.#come(request));
  }

  /** The stage attempt has ended: nobody else will come. */
  stageEnded(stageKey: number): void {
    const meetings = this.#stages.get(stageKey);
    this.#stages.delete(stageKey);
    for (const [, meeting] of meetings ?? []) end(meeting, 'its stage has ended');
  }

  #hosts(stageKey: number): string[] {
    const set = this.#ports.tasks.set(stageKey);
    if (set === undefined) throw fault('its stage has ended');
    return Array.from({ length: set.size }, (_, index) => this.#ports.tasks.place(set.slotOf[index]!)?.host ?? '');
  }

  #come(request: { stageKey: number; taskId: number; meeting: number; kind: string; message: string }): Promise<{ messages: string[] }> {
    const { stageKey, taskId, kind, message } = request;
    const set = this.#ports.tasks.set(stageKey);
    const index = set?.runningIndex(taskId) ?? -1;
    if (set === undefined || index < 0) throw fault('its stage has ended');
    let meetings = this.#stages.get(stageKey);
    if (meetings === undefined) this.#stages.set(stageKey, (meetings = new Map()));
    let meeting = meetings.get(request.meeting);
    if (meeting === undefined) meetings.set(request.meeting, (meeting = this.#open(stageKey, request.meeting, kind)));
    if (meeting.kind !== kind) {
      meetings.delete(request.meeting);
      const detail = `different kinds of sync were called: ${meeting.kind} and ${kind}`;
      end(meeting, detail);
      throw fault(detail);
    }
    const { messages, waiting } = meeting;
    messages[index] = message;
    const answer = new Promise<{ messages: string[] }>((resolve, reject) => waiting.push({ resolve, reject }));
    if (waiting.length === set.size) {
      meeting.cancel();
      meetings.delete(request.meeting);
      for (const { resolve } of waiting) resolve({ messages: messages as string[] });
    }
    return answer;
  }

  #open(stageKey: number, number: number, kind: string): Meeting {
    const { timers, timeoutMs } = this.#ports;
    const cancel = timers.after(Math.min(timeoutMs, MOST_TIMER_MS), () => {
      const meeting = this.#stages.get(stageKey)?.get(number);
      if (meeting === undefined) return;
      this.#stages.get(stageKey)!.delete(number);
      end(meeting, `not all tasks came within spark.barrier.sync.timeout (${timeoutMs} ms): ${meeting.waiting.length} did`);
    });
    return { kind, messages: [], waiting: [], cancel };
  }
}

/** Node's timers take no more. */
const MOST_TIMER_MS = 0x7fffffff;

const fault = (detail: string) => new AppError('BARRIER_FAILED', { detail });

function end(meeting: Meeting, detail: string): void {
  meeting.cancel();
  for (const { reject } of meeting.waiting) reject(fault(detail));
}
