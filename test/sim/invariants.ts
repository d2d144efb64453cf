// What must hold after every event, whatever breaks. The scheduler's own counts are compared with the containers themselves.
import { InvariantError } from '../../src/common/invariant.ts';
import type { ContainerId } from '../../src/common/ids.ts';
import type { Container } from '../../src/resourcemanager/core/entities.ts';
import type { RmCore } from '../../src/resourcemanager/core/rm-core.ts';
import type { Queue } from '../../src/resourcemanager/core/scheduler/queue-tree.ts';

const must = (holds: boolean, what: () => string): void => {
  if (!holds) throw new InvariantError(what());
};

/** @param seen all container ids that any life of the ResourceManager ever made; new ones are added */
export function checkCore(core: RmCore, seen: Set<ContainerId>): void {
  const { cluster } = core;
  const { scheduler } = cluster;
  const usedByQueue = new Map<Queue, number>();
  const driversByQueue = new Map<Queue, number>();
  const placedNow: Container[] = [];
  let onNodes = 0;
  for (const node of cluster.nodes.values()) {
    onNodes += node.containers.size;
    if (node.slot < 0) {
      must(node.containers.size === 0, () => `${node.id} is ${node.state.tag} and holds ${node.containers.size} containers`);
      continue;
    }
    let [usedMb, usedVcores, adopted] = [0, 0, false];
    for (const c of node.containers.values()) {
      must(
        cluster.containers.get(c.id) === c && c.attempt.containers.get(c.id) === c,
        () => `${c.id} is on ${node.id} and not everywhere else`,
      );
      must(c.state.tag !== 'COMPLETED', () => `${c.id} has ended and holds space`);
      usedMb += c.resource.memoryMb;
      usedVcores += c.resource.vcores;
      if (!c.id.startsWith(c.attempt.containerPrefix)) adopted = true;
      else if (!seen.has(c.id)) placedNow.push(c);
      const { leaf } = c.attempt.application.scheduled!;
      if (c.attempt.am?.containerId === c.id) driversByQueue.set(leaf, (driversByQueue.get(leaf) ?? 0) + c.resource.memoryMb);
      for (let queue: Queue | undefined = leaf; queue !== undefined; queue = queue.parent)
        usedByQueue.set(queue, (usedByQueue.get(queue) ?? 0) + c.resource.memoryMb);
    }
    const { freeMb, freeVcores } = scheduler.nodes;
    must(
      freeMb[node.slot] === node.capacity.memoryMb - usedMb && freeVcores[node.slot] === node.capacity.vcores - usedVcores,
      () => `${node.id}: ${freeMb[node.slot]} MB free of ${node.capacity.memoryMb}, its containers have ${usedMb}`,
    );
    must(adopted || (freeMb[node.slot]! >= 0 && freeVcores[node.slot]! >= 0), () => `${node.id} has more containers than room`);
  }
  must(onNodes === cluster.containers.size, () => `${cluster.containers.size} containers, ${onNodes} of them on nodes`);
  for (const queue of scheduler.root.all())
    must(
      queue.usedMb === (usedByQueue.get(queue) ?? 0),
      () => `queue ${queue.path} counts ${queue.usedMb} MB, its containers have ${usedByQueue.get(queue) ?? 0}`,
    );
  for (const queue of scheduler.root.all())
    must(
      queue.driverMb === (driversByQueue.get(queue) ?? 0),
      () => `queue ${queue.path} counts ${queue.driverMb} MB of drivers, they have ${driversByQueue.get(queue) ?? 0}`,
    );
  for (const c of placedNow) {
    seen.add(c.id);
    must(!('ending' in c.attempt.application.state), () => `${c.id} was placed for an application that has ended`);
    for (let queue: Queue | undefined = c.attempt.application.scheduled!.leaf; queue !== undefined; queue = queue.parent) {
      const q = queue;
      must(
        q.usedMb <= q.maximumMb && q.usedVcores <= q.maximumVcores,
        () => `${c.id} was placed and queue ${q.path} uses ${q.usedMb} of at most ${q.maximumMb} MB`,
      );
    }
  }
  for (const id of cluster.containers.keys()) seen.add(id);
}

/** When all has ended: nothing is held, nothing is wanted. */
export function checkIdle(core: RmCore): void {
  const { cluster } = core;
  must(cluster.containers.size === 0, () => `all applications have ended and ${[...cluster.containers.keys()].join(', ')} are left`);
  must(
    cluster.scheduler.root.usedMb === 0 && cluster.scheduler.root.usedVcores === 0,
    () => `all have ended and ${cluster.scheduler.root.usedMb} MB are used`,
  );
  for (const a of cluster.applications.values()) must('ending' in a.state && a.scheduled === undefined, () => `${a.id} is ${a.state.tag}`);
}
