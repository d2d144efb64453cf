// What must hold after every event, whatever breaks. The scheduler's own counts are compared with the containers themselves.
import { InvariantError } from '../../src/common/invariant.ts';
import type { ContainerId, NodeId } from '../../src/common/ids.ts';
import type { Container } from '../../src/resourcemanager/core/entities.ts';
import { labelOf } from '../../src/resourcemanager/core/node-labels.ts';
import type { RmCore } from '../../src/resourcemanager/core/rm-core.ts';
import type { QueuePartition } from '../../src/resourcemanager/core/scheduler/scheduler-views.ts';
import { minus, NOTHING, plus, fits, type Resource, resourceText, sameResource } from '../../src/common/resource.ts';

const must = (holds: boolean, what: () => string): void => {
  if (!holds) throw new InvariantError(what());
};

const over = (used: Resource, capacity: Resource): Resource => ({
  memoryMb: Math.max(0, used.memoryMb - capacity.memoryMb),
  vcores: Math.max(0, used.vcores - capacity.vcores),
});

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
  // By partition: what nodes hold beyond what they offer.
  const beyond = new Map<string, Resource>();
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
    const label = labelOf(cluster, node);
    beyond.set(label, plus(beyond.get(label) ?? NOTHING, over(here, node.capacity)));
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
  // Who may have all of a partition is bounded by its nodes, and what one of them holds too much takes no room from the others.
  const most = ({ label, maximum }: QueuePartition): Resource =>
    sameResource(maximum, queues.get('root')!.partitions.find((p) => p.label === label)!.maximum)
      ? plus(maximum, beyond.get(label) ?? NOTHING)
      : maximum;
  for (const c of placedNow) {
    seen.add(c.id);
    must(!('ending' in c.attempt.application.state), () => `${c.id} was placed for an application that has ended`);
    for (const path of withAncestors(c.attempt.application.scheduled!.queue)) {
      for (const p of queues.get(path)!.partitions)
        must(
          fits(most(p), p.used),
          () => `${c.id} was placed and queue ${path} uses ${resourceText(p.used)} of at most ${resourceText(most(p))}`,
        );
    }
  }
  checkUsers(core, placedNow);
  for (const id of cluster.containers.keys()) seen.add(id);
}

/** For whose containers nodes were kept after the event before, by slot. */
const keptBefore = new WeakMap<RmCore, Map<number, unknown>>();

/**
 * Capacity scheduler: whoever got a container was not above what one user may have before it. He may be above by one container, as in YARN:
 * AbstractLeafQueue.canAssignToUser compares what is used with UsersManager.computeUserLimit, and leaves the request itself out ("a > check, not
 * a >= check"). What was kept on a node for him is asked for again by nobody: AbstractLeafQueue.accept checks only what is not from a reservation.
 * Reckoned here from what the queues say, not by the scheduler's own function.
 */
function checkUsers(core: RmCore, placedNow: readonly Container[]): void {
  const { scheduler, nodes, applications } = core.cluster;
  if (scheduler.kind !== 'capacity') return;
  const kept = keptBefore.get(core) ?? new Map();
  keptBefore.set(
    core,
    new Map([...nodes.values()].filter(({ slot }) => slot >= 0).map(({ slot }) => [slot, scheduler.keptFor!(slot)?.app])),
  );
  if (placedNow.length === 0) return;
  const limited = placedNow.filter((c) => c.node.slot >= 0 && kept.get(c.node.slot) !== c.attempt.application.scheduled);
  const living = [...applications.values()].flatMap(({ scheduled }) => scheduled ?? []);
  const keyOf = ({ queue, user }: { queue: string; user: string }) => `${queue} ${user}`;
  const views = new Map(scheduler.queues().map((view) => [view.path, view]));
  for (const [key, his] of Map.groupBy(limited, (c) => keyOf(c.attempt.application.scheduled!))) {
    const { queue, user } = his[0]!.attempt.application.scheduled!;
    const view = views.get(queue)!;
    const { guaranteed, maximum, used, reserved } = view.partitions[0]!;
    const has = living.filter((app) => keyOf(app) === key).reduce<Resource>((sum, app) => plus(sum, app.used), NOTHING);
    const active = new Set([user, ...living.filter((app) => app.queue === queue && app.asks.size > 0).map((app) => app.user)]).size;
    const within = ({ resource }: Container): boolean =>
      (['memoryMb', 'vcores'] as const).every((d) => {
        const taken = plus(plus(used, reserved), resource);
        const now = fits(guaranteed, taken) ? guaranteed[d] : Math.max(guaranteed[d], taken[d]);
        const ofQueue = Math.ceil(now * Math.max(1 / active, view.userLimitPercent / 100));
        const most = view.userLimitFactor < 0 ? maximum[d] : Math.floor(guaranteed[d] * view.userLimitFactor);
        return has[d] - resource[d] <= Math.min(ofQueue, most, maximum[d]);
      });
    must(
      his.some(within),
      () => `user ${user} has ${resourceText(has)} in ${queue} and got more: ${JSON.stringify({ active, guaranteed, used, reserved })}`,
    );
  }
}

/** When all has ended: nothing is held, nothing is wanted. */
export function checkIdle(core: RmCore): void {
  const { cluster } = core;
  must(cluster.containers.size === 0, () => `all applications have ended and ${[...cluster.containers.keys()].join(', ')} are left`);
  for (const { path, partitions } of cluster.scheduler.queues())
    for (const { used } of partitions) must(sameResource(used, NOTHING), () => `all have ended and ${path} uses ${resourceText(used)}`);
  for (const a of cluster.applications.values()) must('ending' in a.state && a.scheduled === undefined, () => `${a.id} is ${a.state.tag}`);
}
