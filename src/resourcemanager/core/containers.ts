// All containers that live, by their ids: each application's attempt has its own, and nothing is kept twice. For those who come with an id
// (nodes, operators, pages); inside the core a container is known by itself.
import { type ApplicationId, applicationOfContainer, type ContainerId, isContainerId } from '../../common/ids.ts';
import type { Application, Container } from './entities.ts';

export class Containers {
  readonly #applications: ReadonlyMap<ApplicationId, Application>;

  constructor(applications: ReadonlyMap<ApplicationId, Application>) {
    this.#applications = applications;
  }

  get(id: ContainerId): Container | undefined {
    const attempts = isContainerId(id) ? this.#applications.get(applicationOfContainer(id))?.attempts : undefined;
    if (attempts === undefined) return undefined;
    // The last attempt has what the ones before it have left.
    for (let i = attempts.length - 1; i >= 0; i--) {
      const container = attempts[i]!.containers.get(id);
      if (container !== undefined) return container;
    }
    return undefined;
  }

  has(id: ContainerId): boolean {
    return this.get(id) !== undefined;
  }

  /** O(applications). */
  get size(): number {
    let size = 0;
    for (const { attempts } of this.#applications.values()) for (const { containers } of attempts) size += containers.size;
    return size;
  }

  *values(): Generator<Container> {
    for (const { attempts } of this.#applications.values()) for (const { containers } of attempts) yield* containers.values();
  }

  *keys(): Generator<ContainerId> {
    for (const { id } of this.values()) yield id;
  }
}
