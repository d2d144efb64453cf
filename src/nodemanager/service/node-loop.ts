// One event at a time: the core decides, the effects are carried out in order, what they cause comes back as later events.
// Nothing here decides; which parts carry an effect out is listed in one switch.
import type { ApplicationId, ContainerId } from '../../common/ids.ts';
import type { ContainerEvent, NmEvent } from '../core/events.ts';
import type { NmEffect } from '../core/effects.ts';
import type { NmCore } from '../core/nm-core.ts';
import type { ContainerJournal } from '../store/container-journal.ts';
import type { ContainerMonitor } from './container-monitor.ts';
import type { ContainerRunner } from './container-runner.ts';

export type LoopParts = {
  readonly core: NmCore;
  readonly journal: ContainerJournal;
  readonly runner: ContainerRunner;
  readonly monitor: ContainerMonitor;
  /** A container changed: the RM should hear it now. */
  readonly changed: (id: ContainerId) => void;
  /** The journal can't be written, or an invariant failed: this process must end. Containers live on for the next one. */
  readonly onFatal: (error: Error) => void;
  /** After every event: for whoever waits for the end of all. */
  readonly handled: () => void;
};

export class NodeLoop {
  readonly #parts: LoopParts;
  readonly #waiting: NmEvent[] = [];
  #busy = false;
  #closed = false;
  /** Ids of containers that the last NodeManager started: not our children. */
  #adopting = false;

  constructor(parts: LoopParts) {
    this.#parts = parts;
  }

  /** This process ends: what still comes is found out by the next NodeManager. */
  close(): void {
    this.#closed = true;
  }

  handle(event: NmEvent): void {
    if (this.#closed) return;
    this.#waiting.push(event);
    if (this.#busy) return; // an effect caused it: its turn comes when the effects before it are done
    this.#drain();
  }

  container(id: ContainerId, event: ContainerEvent): void {
    this.handle({ tag: 'container', id, event });
  }

  /** Takes up what the journal had. Processes that a crash kept out of the journal have been put into it before (adopt.ts). */
  recover(nowMs: number): void {
    const { core, journal } = this.#parts;
    const { containers, past } = journal.read();
    this.#busy = true;
    this.#adopting = true;
    this.#run(core.recover(containers, past, nowMs));
    this.#adopting = false;
    this.#drain();
  }

  #drain(): void {
    this.#busy = true;
    try {
      for (let event = this.#waiting.shift(); event !== undefined; event = this.#waiting.shift()) {
        this.#run(this.#parts.core.handle(event));
        this.#parts.handled();
      }
    } catch (error) {
      this.#closed = true;
      this.#parts.onFatal(error as Error);
      throw error;
    } finally {
      this.#busy = false;
    }
  }

  /** Only when its folders are gone is it forgotten: a NodeManager that is killed before is told again that they may go. */
  async #cleanApplication(id: ApplicationId): Promise<void> {
    const { core, journal, runner, onFatal } = this.#parts;
    await runner.cleanApplication(id);
    try {
      if (!this.#closed && core.isFinished(id)) journal.applicationGone(id);
    } catch (error) {
      this.#closed = true;
      onFatal(error as Error);
    }
  }

  #run(effects: readonly NmEffect[]): void {
    const { journal, runner, monitor, changed } = this.#parts;
    for (const e of effects) {
      switch (e.tag) {
        case 'persist':
          journal.save(e.container);
          break;
        case 'localize':
          void runner.localize(e.container);
          break;
        case 'start':
          void runner.start(e.container);
          break;
        case 'watch':
          runner.remember(e.id, e.process);
          monitor.watch(e.id, e.process, e.resource, this.#adopting);
          break;
        case 'kill':
          runner.kill(e.id, e.process);
          break;
        case 'endLeftovers':
          monitor.forget(e.id);
          runner.endLeftovers(e.id);
          break;
        case 'cleanup':
          void runner.cleanup(e.container);
          break;
        case 'report':
          changed(e.id);
          break;
        case 'forget':
          journal.forget(e.id);
          break;
        case 'cleanApplication':
          void this.#cleanApplication(e.applicationId);
          break;
        default:
          e satisfies never;
      }
    }
  }
}
