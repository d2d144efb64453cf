// The whole cluster in one process: the real core of the ResourceManager, nodes, drivers and clients as far as their side of the
// protocol goes, virtual time, a seeded network and seeded crashes. Phase one: anything may break. heal(): the faults stop, and then
// everything that was accepted must end.
import { AppError } from '../../src/common/errors.ts';
import type { ApplicationId, AttemptId, ContainerId, NodeId } from '../../src/common/ids.ts';
import { attemptId } from '../../src/common/ids.ts';
import { Prng } from '../../src/common/prng.ts';
import type { Resource } from '../../src/common/resource.ts';
import type { RmEvent } from '../../src/resourcemanager/core/events.ts';
import type { RmCore } from '../../src/resourcemanager/core/rm-core.ts';
import type { PreemptionSettings } from '../../src/resourcemanager/core/preemption/settings.ts';
import type { SchedulerConfig } from '../../src/resourcemanager/core/scheduler/create-scheduler.ts';
import { capacityQueues } from '../helpers/capacity-queues.ts';
import { fairQueues } from '../helpers/fair-queues.ts';
import { checkCore } from './invariants.ts';
import { type Line, Network, newLine, NO_FAULTS } from './network.ts';
import { SimDriver, type Work } from './sim-driver.ts';
import { SimNode } from './sim-node.ts';
import { SimRm } from './sim-rm.ts';
import { VirtualTime } from './virtual-time.ts';

const queues = (capacities: Readonly<Record<string, readonly [number, number]>>) => {
  const properties: Record<string, unknown> = { 'root.queues': Object.keys(capacities).join(',') };
  for (const [name, [capacity, maximum]] of Object.entries(capacities)) {
    properties[`root.${name}.capacity`] = capacity;
    properties[`root.${name}.maximum-capacity`] = maximum;
    // All clients are one user. Applications that are moved into a small queue would have his limit used up by their drivers, and wait for ever.
    properties[`root.${name}.user-limit-factor`] = 10;
  }
  return capacityQueues(properties);
};
const QUEUES = queues({ a: [60, 100], b: [25, 60], c: [15, 50] });
const OTHER_QUEUES = queues({ a: [20, 40], b: [40, 100], c: [40, 40] });
/** Every fourth seed runs on the fair scheduler. */
const FAIR = fairQueues(
  '<queue name="a"><weight>3</weight></queue><queue name="b"><minResources>2048 mb, 2 vcores</minResources><minSharePreemptionTimeout>2</minSharePreemptionTimeout></queue><queue name="c"><maxResources>50%</maxResources><maxRunningApps>2</maxRunningApps></queue>',
);
const OTHER_FAIR = fairQueues(
  '<queue name="a"><schedulingPolicy>fifo</schedulingPolicy></queue><queue name="b"><schedulingPolicy>drf</schedulingPolicy></queue><queue name="c"><weight>2</weight><maxResources>70%</maxResources></queue><defaultFairSharePreemptionTimeout>3</defaultFairSharePreemptionTimeout>',
);
/** Of every second seed. */
const PREEMPTION: PreemptionSettings = {
  enabled: true,
  intervalMs: 1_500,
  graceMs: 2_000,
  perRound: 0.5,
  ignoredOverCapacity: 0,
  naturalTermination: 1,
  observeOnly: false,
  intraQueue: { enabled: true, order: 'userlimit_first', minimumThreshold: 0.1, maxAllowable: 0.5 },
  utilizationThreshold: 0.5,
};
const SETTINGS = {
  nmExpiryMs: 10_000,
  amExpiryMs: 10_000,
  amSilenceMs: 10_000,
  grantExpiryMs: 20_000,
  nodeHeartbeatMs: 1_000,
  minAllocationMb: 1,
  maxAllocationMb: undefined,
  maxAllocationVcores: undefined,
  maxAppAttempts: 3,
  maxCompletedApps: 1_000,
  rmAddress: 'unix:/rm',
};

type End = { readonly up: boolean; readonly link: number; readonly upLine: Line; readonly downLine: Line };
type Client = {
  id: ApplicationId | undefined;
  accepted: boolean;
  readonly unmanaged: boolean;
  readonly queue: string;
  readonly work: Work;
  readonly keeps: boolean;
  up: boolean;
  link: number;
  upLine: Line;
  downLine: Line;
};

export class ClusterSim {
  readonly time = new VirtualTime(1_700_000_000_000);
  readonly network: Network;
  readonly rm: SimRm;
  readonly nodes: SimNode[] = [];
  readonly drivers = new Map<AttemptId, SimDriver>();
  readonly clients: Client[] = [];
  readonly trace: string[] = [];
  /** Containers that some node ever started. */
  readonly started = new Set<ContainerId>();
  readonly #granted = new Set<ContainerId>();
  readonly #made = new Set<ContainerId>();
  readonly #ids = new Set<ApplicationId>();
  readonly #prng: Prng;
  readonly #am = new Map<ContainerId, { driver: SimDriver; node: SimNode }>();
  /** Whose connection the ResourceManager has. */
  readonly #open = new Map<End, number>();
  /** On which connection the request came that is being answered. */
  #linkOfCall = 0;
  #healed = false;
  #crashChance: number;
  readonly #whims: boolean;
  readonly #queues: readonly SchedulerConfig[];

  /** Turns of the ResourceManager that had something to tell. */
  tellingTurns = 0;

  /** @param crashAt in this one of those turns it dies, between commit and tell */
  constructor(seed: number, crashAt = 0) {
    this.#prng = new Prng(seed);
    this.#queues = seed % 4 === 0 ? [FAIR, OTHER_FAIR] : [QUEUES, OTHER_QUEUES];
    const p = this.#prng;
    this.network = new Network(this.time, p, { lose: p.next() * 0.1, repeat: p.next() * 0.1, slowMs: 1 + p.next() * 60 });
    this.#crashChance = p.chance(0.5) ? p.next() * 0.01 : 0;
    this.#whims = p.chance(0.5);
    this.rm = new SimRm({
      time: this.time,
      settings: seed % 2 === 0 ? { ...SETTINGS, preemption: PREEMPTION } : SETTINGS,
      queues: this.#queues[0]!,
      toNode: (id, orders) => this.#push(this.node(id), (node) => node.orders(orders)),
      toDriver: (id, updates) =>
        this.#push(this.drivers.get(id), (driver) => driver.whenAwake(() => driver.updates(updates.map((u) => ({ ...u }))))),
      closeDriver: (id) => this.time.after(1, () => this.drivers.get(id)?.connect()),
      shutDown: (id) => this.#push(this.drivers.get(id), (driver) => driver.whenAwake(() => this.driverRefused(driver))),
      afterTurn: () => checkCore(this.rm.core!, this.#made),
      crashNow: () => {
        if (!this.#healed && ++this.tellingTurns === crashAt) {
          this.#crashRm('where it was told to');
          return true;
        }
        if (this.#healed || !p.chance(this.#crashChance)) return false;
        this.#crashRm('between commit and tell');
        return true;
      },
    });
    this.rm.start();
    for (let i = 0, n = 3 + p.int(4); i < n; i++)
      this.nodes.push(new SimNode(this, `n${i}` as NodeId, { memoryMb: 4096 * (1 + p.int(2)), vcores: 4 * (1 + p.int(2)) }));
    for (const node of this.nodes) this.time.after(p.int(3_000), () => node.start());
    for (let i = 0, n = 4 + p.int(8); i < n; i++) {
      const unmanaged = i > 2 || p.chance(0.5);
      const work = { containers: 1 + p.int(12), memoryMb: 256 * (1 + p.int(8)), vcores: 1 + p.int(2), runMs: 50 + p.int(8_000) };
      const client = {
        id: undefined,
        accepted: false,
        unmanaged,
        queue: p.pick(['a', 'b', 'c']),
        work,
        keeps: i % 2 === 1,
        up: true,
        link: 0,
        upLine: newLine(),
        downLine: newLine(),
      };
      this.clients.push(client);
      this.time.after(p.int(30_000), () => this.#submit(client));
    }
    for (let i = 0, n = p.int(14); i < n; i++) this.time.after(p.int(60_000), () => this.#fault());
  }

  runFor(ms: number): void {
    const until = this.time.nowMs + ms;
    while (this.time.step(until));
    this.time.nowMs = until;
  }

  heal(): void {
    this.#healed = true;
    this.network.faults = NO_FAULTS;
    if (this.rm.core === undefined) this.#startRm();
    for (const node of this.nodes) node.start();
  }

  node(id: NodeId): SimNode {
    return this.nodes.find((n) => n.id === id)!;
  }

  /** A request with its answer. `answered` runs at the ResourceManager; what it returns runs at the caller. */
  call(end: End, event: () => RmEvent, answered: (refused: string | undefined, core: RmCore) => (() => void) | undefined): void {
    const { link } = end;
    const alive = () => end.up && end.link === link;
    this.network.send(end.upLine, true, alive, () =>
      this.rm.whenAwake(() => {
        if (this.rm.core === undefined) return;
        const { life } = this.rm;
        let refused: string | undefined;
        try {
          this.rm.handle({ ...event(), atMs: this.time.nowMs });
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          refused = error.code;
        }
        if (this.rm.life !== life) return; // it crashed before it answered
        this.#linkOfCall = link;
        const then = answered(refused, this.rm.core!);
        if (then !== undefined)
          this.network.send(end.downLine, true, alive, () => (end instanceof SimDriver ? end.whenAwake(then) : then()));
      }),
    );
  }

  /** What the ResourceManager's shell notices by itself: closed connections, answers that are out. */
  tellRm(event: RmEvent): void {
    this.rm.whenAwake(() => {
      if (this.rm.core !== undefined) this.rm.handle({ ...event, atMs: this.time.nowMs });
    });
  }

  /** It registered: the ResourceManager's shell notices when that connection closes, at once when it closed while the frame lay in its socket. */
  opened(end: End, closed: RmEvent): void {
    this.#open.set(end, this.#linkOfCall);
    if (end.link !== this.#linkOfCall) this.tellRm(closed);
  }

  closed(end: End, event: RmEvent): void {
    if (this.#open.get(end) !== end.link) return;
    this.#open.delete(end);
    this.tellRm(event);
  }

  /** Something odd that a peer may do, while faults are on. */
  whim(chance: number): boolean {
    return !this.#healed && this.#whims && this.#prng.chance(chance);
  }

  startContainer(id: ContainerId): void {
    if (this.started.has(id)) throw new Error(`${id} was started twice`);
    this.started.add(id);
  }

  grantSeen(id: ContainerId): void {
    if (this.#granted.has(id)) throw new Error(`${id} was granted twice`);
    this.#granted.add(id);
  }

  launchAm(node: SimNode, id: ContainerId, resource: Resource, attempt: AttemptId): void {
    node.launch(id, resource, () => {
      const driver = new SimDriver(
        this,
        attempt,
        this.clients.find((c) => c.id !== undefined && attempt.includes(c.id.slice('application_'.length)))!.work,
      );
      this.drivers.set(attempt, driver);
      this.#am.set(id, { driver, node });
      driver.connect();
    });
  }

  containerEnded(id: ContainerId): void {
    this.#am.get(id)?.driver.stop();
  }

  /** The application has ended, or this attempt is given up: the driver ends. */
  driverRefused(driver: SimDriver): void {
    this.#endDriver(driver, 1);
  }

  /** Some hang after their good-bye, until they are killed. */
  driverFinished(driver: SimDriver): void {
    if (!this.whim(0.1)) this.time.after(50, () => this.#endDriver(driver, 0));
    else this.time.after(60_000, () => this.#endDriver(driver, 0));
  }

  /** Executors end when their driver is gone. */
  orphan(id: ContainerId, nodeId: NodeId): void {
    this.time.after(300, () => this.node(nodeId).end(id, 1));
  }

  #endDriver(driver: SimDriver, exitCode: number): void {
    const am = [...this.#am].find(([, a]) => a.driver === driver);
    if (am === undefined) driver.stop();
    else am[1].node.end(am[0], exitCode);
    driver.stop();
  }

  #push<E extends End>(end: E | undefined, deliver: (end: E) => void): void {
    if (end === undefined) return;
    const { link } = end;
    this.network.send(
      end.downLine,
      false,
      () => end.up && end.link === link,
      () => deliver(end),
    );
  }

  /** As spark-submit: asks for an id once, submits until it is accepted, then (client mode) is the driver itself. */
  #submit(client: Client): void {
    if (client.accepted) return;
    if (client.id === undefined && this.rm.core !== undefined && !this.rm.stalled) {
      const id = this.rm.core.newApplicationId();
      this.rm.turn();
      if (this.rm.core !== undefined) {
        if (this.#ids.has(id)) throw new Error(`${id} was handed out twice`);
        this.#ids.add(id);
        client.id = id;
      }
    }
    const { id, unmanaged, queue } = client;
    if (id !== undefined) {
      const am = { kind: 'driver' as const, args: [], env: {}, secretEnv: {}, resources: [], user: 'u' };
      const submission = {
        name: 'x',
        type: 'SPARK',
        user: 'u',
        queue,
        tags: [],
        priority: 0,
        unmanaged,
        maxAttempts: 3,
        ...(client.keeps ? { keepContainers: true } : {}),
        ...(unmanaged ? {} : { am, amResource: { memoryMb: 256, vcores: 1 } }),
      };
      this.call(
        client,
        () => ({ tag: 'applicationSubmitted', atMs: this.time.nowMs, id, submission, secret: 's' }),
        (refused) => () => {
          if (refused !== undefined || client.accepted) return;
          client.accepted = true;
          if (this.whim(0.1)) this.time.after(this.#prng.int(400), () => this.#killApplication(id));
          if (!unmanaged) return;
          const driver = new SimDriver(this, attemptId(id, 1), client.work);
          this.drivers.set(driver.attemptId, driver);
          driver.connect();
        },
      );
    }
    this.time.after(1_000, () => this.#submit(client));
  }

  #crashRm(when: string): void {
    if (this.rm.core === undefined) return;
    this.trace.push(`${this.time.nowMs} the RM dies ${when}`);
    this.rm.crash();
    this.#open.clear();
    this.time.after(this.#prng.int(4_000), () => this.#startRm());
  }

  #startRm(): void {
    if (this.rm.core !== undefined) return;
    this.rm.start();
    for (const node of this.nodes) if (node.up) node.connect();
    for (const driver of this.drivers.values()) if (driver.up) driver.connect();
  }

  /** Another queue, or another priority; what has ended is refused. */
  #changeApplication(id: ApplicationId | undefined): void {
    const application = id === undefined ? undefined : this.rm.core?.cluster.applications.get(id);
    if (application === undefined || 'ending' in application.state || this.rm.stalled) return;
    const id_ = application.id;
    if (this.#prng.chance(0.5))
      this.tellRm({ tag: 'applicationMove', atMs: 0, id: id_, queue: this.#prng.pick(['a', 'b', 'c']), user: 'op' });
    else this.tellRm({ tag: 'applicationPriority', atMs: 0, id: id_, priority: this.#prng.int(4), user: 'op' });
  }

  #killApplication(id: ApplicationId | undefined): void {
    const known = id !== undefined && this.rm.core?.cluster.applications.has(id);
    if (known) this.tellRm({ tag: 'applicationKill', atMs: 0, id, user: 'u', diagnostics: '' });
  }

  /** It shuts down with its containers when it hears of it, and somebody starts it again. */
  #decommission(nodeId: NodeId, graceful: boolean, timeoutMs: number): void {
    if (this.rm.core?.cluster.nodes.has(nodeId)) this.tellRm({ tag: 'nodeDecommission', atMs: 0, nodeId, graceful, timeoutMs });
  }

  #fault(): void {
    if (this.#healed) return;
    const p = this.#prng;
    const node = p.pick(this.nodes);
    const drivers = [...this.drivers.values()].filter((d) => d.up);
    const kind = p.pick([
      'rm',
      'node',
      'reboot',
      'cutNode',
      'cutDriver',
      'driver',
      'hangDriver',
      'longNode',
      'stall',
      'kill',
      'decommission',
      'sick',
      'queues',
      'move',
    ]);
    this.trace.push(`${this.time.nowMs} ${kind}`);
    if (kind === 'rm') this.#crashRm('at rest');
    else if (kind === 'stall') this.rm.stall(3_000 + p.int(25_000));
    else if (kind === 'queues') this.tellRm({ tag: 'queuesRefreshed', atMs: 0, queues: p.pick(this.#queues) });
    else if (kind === 'move') this.#changeApplication(p.pick(this.clients).id);
    else if (kind === 'kill') this.#killApplication(p.pick(this.clients).id);
    else if (kind === 'sick') {
      node.healthy = false;
      this.time.after(p.int(20_000), () => {
        node.healthy = true;
      });
    } else if (kind === 'decommission') this.#decommission(node.id, p.chance(0.6), p.int(10_000));
    else if (kind === 'node' || kind === 'longNode') {
      node.crash();
      this.time.after(kind === 'node' ? p.int(6_000) : 12_000 + p.int(6_000), () => node.start());
    } else if (kind === 'reboot') {
      node.reboot();
      this.time.after(p.int(15_000), () => node.start());
    } else if (kind === 'cutNode') node.connect();
    else if (drivers.length === 0) return;
    else if (kind === 'cutDriver') p.pick(drivers).connect();
    else if (kind === 'hangDriver') p.pick(drivers).hang(1_000 + p.int(30_000));
    else this.#endDriver(p.pick(drivers), 1);
  }
}
