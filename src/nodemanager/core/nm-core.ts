// The NodeManager's decisions: one event in, effects out, in order. Owns all containers of this node; no clock, no I/O.
// The moves of one container are in container-machine.ts; effects are carried out by service/run-effects.ts.
import { type ApplicationId, applicationOfContainer, type ContainerId } from '../../common/ids.ts';
import { invariant } from '../../common/invariant.ts';
import { step } from '../../common/machine.ts';
import type { ContainerReport, ContainerToken, LaunchContext } from '../../rpc/messages/shapes.ts';
import { type Container, containerTable } from './container-machine.ts';
import type { NmEffect } from './effects.ts';
import type { ContainerEvent, NmEvent } from './events.ts';
import { EXIT } from './exit-status.ts';

/** Applications that are remembered as finished, so that a late launch is refused. Source: YARN keeps them while their logs are handled. */
const REMEMBERED_APPLICATIONS = 10_000;

const hasEnded = (c: Container): boolean => c.tag === 'EXITED_WITH_SUCCESS' || c.tag === 'EXITED_WITH_FAILURE' || c.tag === 'DONE';

export class NmCore {
  readonly #containers = new Map<ContainerId, Container>();
  /** Ended and acknowledged, by application: a repeated launch order must not start them again. */
  readonly #past = new Map<ApplicationId, Set<ContainerId>>();
  readonly #finished = new Set<ApplicationId>();
  readonly #acked = new Set<ContainerId>();

  handle(event: NmEvent): NmEffect[] {
    switch (event.tag) {
      case 'launch':
        return this.#launch(event.token, event.launch);
      case 'container':
        return this.#move(event.id, event.event);
      case 'acked':
        return event.ids.flatMap((id) => this.#ack(id));
      case 'applicationFinished':
        return this.#finish(event.applicationId);
      case 'shutdown':
        return this.#killAll(() => true, EXIT.ABORTED, 'Container killed because its NodeManager is stopping.');
      default:
        return event satisfies never;
    }
  }

  /**
   * After a restart: what the journal had, and the ids of ended containers that the RM had acknowledged. Containers without a
   * process begin again with their files; running ones are watched again (the watcher finds out which ended meanwhile).
   */
  recover(containers: readonly Container[], past: readonly ContainerId[], atMs: number): NmEffect[] {
    for (const id of past) this.#remember(applicationOfContainer(id), id);
    return containers.flatMap((c): NmEffect[] => {
      this.#containers.set(c.id, c);
      switch (c.tag) {
        case 'NEW':
          return this.#move(c.id, { tag: 'init' });
        case 'LOCALIZING':
        case 'SCHEDULED': {
          const again: Container = { ...c, tag: 'LOCALIZING' };
          this.#containers.set(c.id, again);
          return [{ tag: 'localize', container: again }];
        }
        case 'RUNNING':
          return [{ tag: 'watch', id: c.id, process: c.process, resource: c.resource }];
        case 'KILLING': {
          // Without a process nothing of it runs: what was being fetched or started ended with the old NodeManager.
          if (c.process === undefined) return this.#move(c.id, { tag: 'localized', atMs });
          return [
            { tag: 'watch', id: c.id, process: c.process, resource: c.resource },
            { tag: 'kill', id: c.id, process: c.process },
          ];
        }
        case 'EXITED_WITH_SUCCESS':
        case 'EXITED_WITH_FAILURE':
          return [
            { tag: 'endLeftovers', id: c.id },
            { tag: 'cleanup', container: c },
          ];
        case 'DONE':
          return [];
        default:
          return c satisfies never;
      }
    });
  }

  get(id: ContainerId): Container | undefined {
    return this.#containers.get(id);
  }

  /** Known now, or ended and acknowledged before. */
  knows(id: ContainerId, applicationId: ApplicationId): boolean {
    return this.#containers.has(id) || (this.#past.get(applicationId)?.has(id) ?? false);
  }

  isFinished(applicationId: ApplicationId): boolean {
    return this.#finished.has(applicationId);
  }

  /** Containers that have not ended. */
  live(): Container[] {
    return [...this.#containers.values()].filter((c) => !hasEnded(c));
  }

  /** All that are known, ended ones too until the RM has acknowledged them and their folders are swept. */
  all(): Iterable<Container> {
    return this.#containers.values();
  }

  /** Nothing runs and nothing is left to sweep. */
  isIdle(): boolean {
    return [...this.#containers.values()].every((c) => c.tag === 'DONE');
  }

  /** Applications with anything on this node, for node.register: the RM says which of them are over. */
  applications(): ApplicationId[] {
    return [...new Set([...[...this.#containers.values()].map((c) => c.applicationId), ...this.#past.keys()])];
  }

  /** All that the RM has not acknowledged as ended. */
  reports(): ContainerReport[] {
    return [...this.#containers.values()].filter((c) => !this.#acked.has(c.id)).map(reportOf);
  }

  report(id: ContainerId): ContainerReport | undefined {
    const container = this.#containers.get(id);
    return container === undefined || this.#acked.has(id) ? undefined : reportOf(container);
  }

  #launch(token: ContainerToken, launch: LaunchContext): NmEffect[] {
    invariant(!this.knows(token.containerId, token.applicationId), `launch of ${token.containerId}, which is known`);
    const { containerId: id, applicationId, user, resource } = token;
    this.#containers.set(id, { tag: 'NEW', id, applicationId, user, resource, launch });
    return this.#move(id, { tag: 'init' });
  }

  #move(id: ContainerId, event: ContainerEvent): NmEffect[] {
    const before = this.#containers.get(id);
    // A timer or a deletion may report on a container that was acknowledged and forgotten meanwhile.
    if (before === undefined) return [];
    const { next, effects } = step(containerTable, before, event);
    this.#containers.set(id, next);
    return [...effects, ...this.#dropIfOver(next), ...this.#cleanIfOver(next.applicationId)];
  }

  #ack(id: ContainerId): NmEffect[] {
    const container = this.#containers.get(id);
    if (container === undefined || !hasEnded(container)) return [];
    this.#acked.add(id);
    return [...this.#dropIfOver(container), ...this.#cleanIfOver(container.applicationId)];
  }

  #dropIfOver(c: Container): NmEffect[] {
    if (c.tag !== 'DONE' || !this.#acked.has(c.id)) return [];
    this.#containers.delete(c.id);
    this.#acked.delete(c.id);
    this.#remember(c.applicationId, c.id);
    return [{ tag: 'forget', id: c.id }];
  }

  #remember(applicationId: ApplicationId, id: ContainerId): void {
    const past = this.#past.get(applicationId) ?? new Set();
    this.#past.set(applicationId, past.add(id));
  }

  #finish(applicationId: ApplicationId): NmEffect[] {
    this.#finished.delete(applicationId);
    this.#finished.add(applicationId);
    if (this.#finished.size > REMEMBERED_APPLICATIONS) this.#finished.delete(this.#finished.values().next().value!);
    const kills = this.#killAll(
      (c) => c.applicationId === applicationId,
      EXIT.KILLED_AFTER_APP_COMPLETION,
      'Container killed because its application has finished.',
    );
    return [...kills, ...this.#cleanIfOver(applicationId)];
  }

  #killAll(which: (c: Container) => boolean, exitStatus: number, diagnostics: string): NmEffect[] {
    return this.live()
      .filter(which)
      .flatMap((c) => this.#move(c.id, { tag: 'kill', end: { exitStatus, diagnostics } }));
  }

  /** Folders of a finished application go when no container of it can write there any more. Asked again, it cleans again: harmless. */
  #cleanIfOver(applicationId: ApplicationId): NmEffect[] {
    if (!this.#finished.has(applicationId)) return [];
    for (const c of this.#containers.values()) if (c.applicationId === applicationId && c.tag !== 'DONE') return [];
    this.#past.delete(applicationId);
    return [{ tag: 'cleanApplication', applicationId }];
  }
}

function reportOf(c: Container): ContainerReport {
  const base = { containerId: c.id, resource: c.resource, user: c.user, exitStatus: 0, diagnostics: '', startedAtMs: 0, finishedAtMs: 0 };
  switch (c.tag) {
    case 'NEW':
    case 'LOCALIZING':
    case 'SCHEDULED':
      return { ...base, state: 'LAUNCHING' };
    case 'RUNNING':
    case 'KILLING':
      return { ...base, state: c.startedAtMs === 0 ? 'LAUNCHING' : 'RUNNING', startedAtMs: c.startedAtMs };
    case 'EXITED_WITH_SUCCESS':
    case 'EXITED_WITH_FAILURE':
    case 'DONE':
      return { ...base, state: 'COMPLETED', ...c.end, startedAtMs: c.startedAtMs, finishedAtMs: c.finishedAtMs };
    default:
      return c satisfies never;
  }
}
