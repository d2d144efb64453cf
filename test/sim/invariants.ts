// What must hold after every event, whatever breaks. The scheduler's own counts are compared with the containers themselves.
import { InvariantError } from '../../src/common/invariant.ts';
import type { ContainerId, NodeId } from '../../src/common/ids.ts';
import type { Container } from '../../src/resourcemanager/core/entities.ts';
import type { RmCore } from '../../src/resourcemanager/core/rm-core.ts';
import { minus, NOTHING, plus, fits, type Resource, resourceText, sameResource } from '../../src/common/resource.ts';

const must = (holds: boolean, what: () => string): void => {
  if (!holds) throw new InvariantError(what());
};

/** `root.a.b` → itself, root.a, root. */
function* withAncestors(path: string): Generator<string> {
  for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) yield at;
}

/**
 * @param seen all container ids that any life of the ResourceManager ever made; new ones are added
 * @param shrunk nodes that may hold more than they offer now
 */
export function checkCore(core: RmCore, seen: Set<ContainerId>, shrunk: ReadonlySet<NodeId> = new Set()): void {
  const { cluster } = core;
  const { scheduler } = cluster;
  const used = new Map<string, Resource>();
  const drivers = new Map<string, Resource>();
  const add = (to: Map<string, Resource>, leaf: string, resource: Resource) => {
    for (const path of withAncestors(leaf)) to.set(path, plus(to.get(path) ?? NOTHING, resource));
  };
  const placedNow: Container[] = [];
  let onNodes = 0;
  for (const node of cluster.nodes.values()) {
    onNodes += node.containers.size;
    if (node.slot < 0) {
      must(node.containers.size === 0, () => `${node.id} is ${node.state.tag} and holds ${node.containers.size} containers`);
      continue;
    }
    let [here, adopted] = [NOTHING, false];
    for (const c of node.containers.values()) {
      must(
        cluster.containers.get(c.id) === c && c.attempt.containers.get(c.id) === c,
        () => `${c.id} is on ${node.id} and not everywhere else`,
      );
      must(c.state.tag !== 'COMPLETED', () => `${c.id} has ended and holds space`);
      here = plus(here, c.resource);
      if (!c.id.startsWith(c.attempt.containerPrefix)) adopted = true;
      else if (!seen.has(c.id)) placedNow.push(c);
      const { queue } = c.attempt.application.scheduled!;
      if (c.attempt.am?.containerId === c.id) add(drivers, queue, c.resource);
      add(used, queue, c.resource);
    }
    const free = scheduler.freeOn(node.slot);
    must(
      sameResource(free, minus(node.capacity, here)),
      () => `${node.id}: ${resourceText(free)} free of ${resourceText(node.capacity)}, its containers have ${resourceText(here)}`,
    );
    const isOver = !fits(free, NOTHING);
    must(!isOver || adopted || shrunk.has(node.id), () => `${node.id} has more containers than room`);
    must(!isOver || !placedNow.some((c) => c.node === node), () => `${node.id} was given a container that it has no room for`);
  }
  must(onNodes === cluster.containers.size, () => `${cluster.containers.size} containers, ${onNodes} of them on nodes`);
  const queues = new Map(scheduler.queues().map((q) => [q.path, q]));
  const sum = (of: readonly Resource[]) => of.reduce(plus, NOTHING);
  for (const { path, leaf, partitions } of queues.values()) {
    const counted = sum(partitions.map((p) => p.used));
    const held = used.get(path) ?? NOTHING;
    must(sameResource(counted, held), () => `queue ${path} counts ${resourceText(counted)}, its containers have ${resourceText(held)}`);
    if (!leaf) continue;
    const driversCounted = sum(partitions.map((p) => p.driverUsed));
    const byDrivers = drivers.get(path) ?? NOTHING;
    must(
      sameResource(driversCounted, byDrivers),
      () => `queue ${path} counts ${resourceText(driversCounted)} of drivers, they have ${resourceText(byDrivers)}`,
    );
  }
  for (const c of placedNow) {
    seen.add(c.id);
    must(!('ending' in c.attempt.application.state), () => `${c.id} was placed for an application that has ended`);
    for (const path of withAncestors(c.attempt.application.scheduled!.queue)) {
      for (const p of queues.get(path)!.partitions)
        must(
          fits(p.maximum, p.used),
          () => `${c.id} was placed and queue ${path} uses ${resourceText(p.used)} of at most ${resourceText(p.maximum)}`,
        );
    }
  }
  for (const id of cluster.containers.keys()) seen.add(id);
}

/** When all has ended: nothing is held, nothing is wanted. */
export function checkIdle(core: RmCore): void {
  const { cluster } = core;
  must(cluster.containers.size === 0, () => `all applications have ended and ${[...cluster.containers.keys()].join(', ')} are left`);
  for (const { path, partitions } of cluster.scheduler.queues())
    for (const { used } of partitions) must(sameResource(used, NOTHING), () => `all have ended and ${path} uses ${resourceText(used)}`);
  for (const a of cluster.applications.values()) must('ending' in a.state && a.scheduled === undefined, () => `${a.id} is ${a.state.tag}`);
}
