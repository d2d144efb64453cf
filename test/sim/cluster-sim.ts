// The whole cluster in one process: the real core of the ResourceManager, nodes, drivers and clients as far as their side of the
// protocol goes, virtual time, a seeded network and seeded crashes. Phase one: anything may break. heal(): the faults stop, and then
// everything that was accepted must end.
import { AppError } from '../../src/common/errors.ts';
import type { ApplicationId, AttemptId, ContainerId, NodeId } from '../../src/common/ids.ts';
import { attemptId } from '../../src/common/ids.ts';
import { Prng } from '../../src/common/prng.ts';
import type { Resource } from '../../src/common/resource.ts';
import type { RmCore } from '../../src/resourcemanager/core/rm-core.ts';
import type { SchedulerConfig } from '../../src/resourcemanager/core/scheduler/create-scheduler.ts';
import type { Untimed } from '../../src/resourcemanager/service/event-loop.ts';
import { type FaultName, scheduleFaults } from './cluster-faults.ts';
import { FAIR, MADE, OTHER_FAIR, OTHER_MADE, OTHER_QUEUES, pathIn, PREEMPTION, QUEUES, SETTINGS, USERS } from './cluster-settings.ts';
import { checkCore } from './invariants.ts';
import { type Line, Network, newLine, NO_FAULTS } from './network.ts';
import { SimDisk } from './sim-disk.ts';
import { SimDriver, type Work } from './sim-driver.ts';
import { SimNode } from './sim-node.ts';
import { type RmWorld, SimRm } from './sim-rm.ts';
import { VirtualTime } from './virtual-time.ts';

/** Whom a connection is with; another term is another process, or the same one after it stood by. */
export type Door = { readonly rm: SimRm; readonly term: number };
/** Whoever talks with a ResourceManager. */
type End = { readonly up: boolean; readonly link: number; readonly upLine: Line; readonly downLine: Line; door: Door | undefined };
/** In one turn of a ResourceManager that has something to tell: it dies, or is stopped for a while, between commit and tell. */
export type AtTurn = { readonly turn: number; readonly what: 'dead' | 'stopped' | 'stoppedLate' };
export type SimOptions = { readonly at?: AtTurn | undefined; readonly only?: readonly FaultName[] | undefined };
export type Client = {
  id: ApplicationId | undefined;
  accepted: boolean;
  readonly unmanaged: boolean;
  readonly queue: string;
  readonly user: string;
  readonly work: Work;
  readonly keeps: boolean;
  up: boolean;
  link: number;
  upLine: Line;
  downLine: Line;
  door: Door | undefined;
};

export class ClusterSim {
  readonly time = new VirtualTime(1_700_000_000_000);
  readonly network: Network;
  /** One, or two on one disk. */
  readonly rms: readonly SimRm[];
  readonly nodes: SimNode[] = [];
  readonly drivers = new Map<AttemptId, SimDriver>();
  readonly clients: Client[] = [];
  readonly trace: string[] = [];
  /** Nodes that came again with less than they had: they may hold more than that. */
  readonly shrunk = new Set<NodeId>();
  /** Containers that some node ever started. */
  readonly started = new Set<ContainerId>();
  readonly #granted = new Set<ContainerId>();
  readonly #made = new Set<ContainerId>();
  readonly #ids = new Set<ApplicationId>();
  readonly #prng: Prng;
  readonly #am = new Map<ContainerId, { driver: SimDriver; node: SimNode }>();
  /** Whose connection the ResourceManager has. */
  readonly #open = new Map<End, { readonly link: number; readonly rm: SimRm; readonly term: number }>();
  /** On which connection, and where, the request came that is being answered. */
  #call: { readonly link: number; readonly rm: SimRm } | undefined;
  healed = false;
  readonly #whims: boolean;
  readonly queues: readonly SchedulerConfig[];
  /** Turns of ResourceManagers that had something to tell. */
  tellingTurns = 0;

  /** Every third seed has two ResourceManagers. @param only these faults, and a network that does its work */
  constructor(seed: number, { at, only }: SimOptions = {}) {
    this.#prng = new Prng(seed);
    this.queues = seed % 10 === 7 ? [MADE, OTHER_MADE] : seed % 4 === 0 ? [FAIR, OTHER_FAIR] : [QUEUES, OTHER_QUEUES];
    const p = this.#prng;
    this.network = new Network(
      this.time,
      p,
      only ? NO_FAULTS : { lose: p.next() * 0.1, repeat: p.next() * 0.1, slowMs: 1 + p.next() * 60 },
    );
    const faultChance = only === undefined && p.chance(0.5) ? p.next() * 0.01 : 0;
    this.#whims = only === undefined && p.chance(0.5);
    const isPair = seed % 3 === 0;
    const world: RmWorld = {
      time: this.time,
      disk: new SimDisk(this.time.nowMs),
      ha: isPair ? { leaseMs: 2_000, seesProcesses: p.chance(0.5) } : undefined,
      settings: seed % 2 === 0 ? { ...SETTINGS, preemption: PREEMPTION } : SETTINGS,
      queues: this.queues[0]!,
      isGone: (process) => !this.rms.some((rm) => rm.up && rm.process === process),
      toNode: (from, id, orders) => this.#push(from, this.node(id), (node) => node.whenAwake(() => node.orders(orders))),
      toDriver: (from, id, updates) =>
        this.#push(from, this.drivers.get(id), (driver) => driver.whenAwake(() => driver.updates(updates.map((u) => ({ ...u }))))),
      closeDriver: (from, id) => this.time.after(1, () => connected(this.drivers.get(id), from)?.connect()),
      shutDown: (from, id) => this.#push(from, this.drivers.get(id), (driver) => driver.whenAwake(() => this.driverRefused(driver))),
      activated: (rm) => this.#activated(rm),
      closed: (rm) => this.#closed(rm),
      afterTurn: (rm) => checkCore(rm.core!, this.#made, this.shrunk),
      fault: (rm) => {
        const what = this.healed
          ? undefined
          : ++this.tellingTurns === at?.turn
            ? at.what
            : !p.chance(faultChance)
              ? undefined
              : isPair
                ? p.pick(['dead', 'stopped', 'stoppedLate'] as const)
                : 'dead';
        if (what === 'dead') this.crashRm(rm, 'between commit and tell');
        else if (what !== undefined) this.trace.push(`${this.time.nowMs} ${rm.id} is ${what} between commit and tell`);
        return what;
      },
    };
    this.rms = (isPair ? ['rm1', 'rm2'] : ['rm']).map((id) => new SimRm(id, world));
    for (const rm of this.rms) if (p.chance(0.5)) rm.wallOffMs = p.int(4_000) - 2_000;
    for (const rm of this.rms) rm.boot();
    for (let i = 0, n = 3 + p.int(4); i < n; i++)
      this.nodes.push(new SimNode(this, `n${i}` as NodeId, { memoryMb: 4096 * (1 + p.int(2)), vcores: 4 * (1 + p.int(2)) }));
    for (const node of this.nodes) this.time.after(p.int(3_000), () => node.start());
    for (let i = 0, n = 4 + p.int(8); i < n; i++) {
      const unmanaged = i > 2 || p.chance(0.5);
      const work = {
        containers: 1 + p.int(12),
        memoryMb: 256 * (1 + p.int(8)),
        vcores: 1 + p.int(2),
        runMs: 50 + p.int(8_000),
        // Where the fair scheduler runs, some wait for their hosts.
        hosts: seed % 4 === 0 && i % 3 === 1 ? [`n${i % 5}`] : [],
      };
      const client = {
        id: undefined,
        accepted: false,
        unmanaged,
        queue: pathIn(this.queues, p.pick(['a', 'b', 'c']), USERS[i % USERS.length]!),
        user: USERS[i % USERS.length]!,
        work,
        keeps: i % 2 === 1,
        up: true,
        link: 0,
        upLine: newLine(),
        downLine: newLine(),
        door: undefined,
      };
      this.clients.push(client);
      this.time.after(p.int(30_000), () => this.#submit(client));
    }
    scheduleFaults(this, p, only);
  }

  /** The active one, as whoever connects finds it: of two that think so the one that answers, then the newer one. */
  find(): SimRm | undefined {
    const found = this.rms.filter((rm) => rm.core !== undefined);
    return found.sort((a, b) => Number(a.stopped) - Number(b.stopped) || b.core!.cluster.epoch - a.core!.cluster.epoch)[0];
  }

  door(): Door | undefined {
    const rm = this.find();
    return rm && { rm, term: rm.term };
  }

  /** Of the active one. */
  get core(): RmCore | undefined {
    return this.find()?.core;
  }

  runFor(ms: number): void {
    const until = this.time.nowMs + ms;
    while (this.time.step(until));
    this.time.nowMs = until;
  }

  heal(): void {
    this.healed = true;
    this.network.faults = NO_FAULTS;
    for (const rm of this.rms) rm.boot();
    for (const node of this.nodes) node.start();
  }

  node(id: NodeId): SimNode {
    return this.nodes.find((n) => n.id === id)!;
  }

  /** A request with its answer. `answered` runs at the ResourceManager; what it returns runs at the caller. */
  call(end: End, event: () => Untimed, answered: (refused: string | undefined, core: RmCore) => (() => void) | undefined): void {
    const { link, door } = end;
    if (door === undefined) return;
    const { rm, term } = door;
    const alive = () => end.up && end.link === link;
    this.network.send(end.upLine, true, alive, () =>
      rm.whenAwake(() => {
        if (rm.core === undefined || rm.term !== term) return;
        let refused: string | undefined;
        try {
          rm.handle(event());
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          refused = error.code;
        }
        if (rm.term !== term) return; // it died or found another one active before it answered
        this.#call = { link, rm };
        const then = answered(refused, rm.core!);
        if (then !== undefined)
          this.network.send(end.downLine, true, alive, () =>
            end instanceof SimDriver || end instanceof SimNode ? end.whenAwake(then) : then(),
          );
      }),
    );
  }

  /** What a ResourceManager's shell notices by itself: closed connections, answers that are out. */
  #tellRm(event: Untimed, rm: SimRm): void {
    this.#feed(rm, event, (code) => code === 'LEASE_LOST');
  }

  /** Of an operator, by what he saw when he gave it: it may be refused. */
  order(event: Untimed): void {
    this.#feed(this.find(), event, () => true);
  }

  #feed(rm: SimRm | undefined, event: Untimed, mayBeRefused: (code: string) => boolean): void {
    rm?.whenAwake(() => {
      if (rm.core === undefined) return;
      try {
        rm.handle(event);
      } catch (error) {
        if (!(error instanceof AppError) || !mayBeRefused(error.code)) throw error;
      }
    });
  }

  /** It registered: the ResourceManager's shell notices when that connection closes, at once when it closed while the frame lay in its socket. `ready`: the answer is out. */
  opened(end: End, closed: Untimed, ready: Untimed): void {
    const { link, rm } = this.#call!;
    this.#open.set(end, { link, rm, term: rm.term });
    if (end.link !== link) this.#tellRm(closed, rm);
    this.#tellRm(ready, rm);
  }

  closed(end: End, event: Untimed): void {
    const open = this.#open.get(end);
    if (open === undefined || open.link !== end.link) return;
    this.#open.delete(end);
    if (open.rm.term === open.term) this.#tellRm(event, open.rm);
  }

  /** Something odd that a peer may do, while faults are on. */
  whim(chance: number): boolean {
    return !this.healed && this.#whims && this.#prng.chance(chance);
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
    this.endDriver(driver, 1);
  }

  /** Some hang after their good-bye, until they are killed. */
  driverFinished(driver: SimDriver): void {
    if (!this.whim(0.1)) this.time.after(50, () => this.endDriver(driver, 0));
    else this.time.after(60_000, () => this.endDriver(driver, 0));
  }

  /** Executors end when their driver is gone. */
  orphan(id: ContainerId, nodeId: NodeId): void {
    this.time.after(300, () => this.node(nodeId).end(id, 1));
  }

  endDriver(driver: SimDriver, exitCode: number): void {
    const am = [...this.#am].find(([, a]) => a.driver === driver);
    if (am === undefined) driver.stop();
    else am[1].node.end(am[0], exitCode);
    driver.stop();
  }

  #push<E extends End>(from: SimRm, to: E | undefined, deliver: (end: E) => void): void {
    const end = connected(to, from);
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
    const rm = this.find();
    client.door = this.door();
    if (client.id === undefined && rm !== undefined && !rm.stopped) {
      const id = newId(rm);
      if (id !== undefined) {
        if (this.#ids.has(id)) throw new Error(`${id} was handed out twice`);
        this.#ids.add(id);
        client.id = id;
      }
    }
    const { id, unmanaged, queue, user } = client;
    if (id !== undefined) {
      const am = { kind: 'driver' as const, args: [], env: {}, secretEnv: {}, resources: [], user };
      const submission = {
        name: 'x',
        type: 'SPARK',
        user,
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
        () => ({ tag: 'applicationSubmitted', id, submission, secret: 's' }),
        (refused) => () => {
          if (refused !== undefined || client.accepted) return;
          client.accepted = true;
          if (this.whim(0.1))
            this.time.after(this.#prng.int(400), () => this.order({ tag: 'applicationKill', id, user: 'u', diagnostics: '' }));
          if (!unmanaged) return;
          const driver = new SimDriver(this, attemptId(id, 1), client.work);
          this.drivers.set(driver.attemptId, driver);
          driver.connect();
        },
      );
    }
    this.time.after(1_000, () => this.#submit(client));
  }

  crashRm(rm: SimRm, when: string): void {
    if (!rm.up) return;
    this.trace.push(`${this.time.nowMs} ${rm.id} dies ${when}`);
    rm.crash();
    this.time.after(this.#prng.int(4_000), () => rm.boot());
  }

  /** Its listener closes all connections: whoever was connected looks for the active one. */
  #closed(rm: SimRm): void {
    for (const [end, open] of this.#open) if (open.rm === rm) this.#open.delete(end);
    for (const end of [...this.nodes, ...this.drivers.values()])
      if (end.door?.rm === rm && end.up)
        this.time.after(1 + this.#prng.int(100), () => end.door?.rm === rm && end.door.term !== rm.term && end.connect());
  }

  /** Who is connected to one that is stopped gives it up after a while; the others have nobody to find but this one. */
  #activated(rm: SimRm): void {
    for (const end of [...this.nodes, ...this.drivers.values()]) {
      if (!end.up) continue;
      const waitsMs = end.door === undefined ? 1 : this.#prng.int(2_500);
      this.time.after(waitsMs, () => {
        if (this.find() === rm && end.door?.rm !== rm) end.connect();
      });
    }
  }
}

const connected = <E extends End>(end: E | undefined, rm: SimRm): E | undefined => (end?.door?.rm === rm ? end : undefined);

/** @returns undefined when it died of it or is not the active one any more */
function newId(rm: SimRm): ApplicationId | undefined {
  try {
    return rm.newApplicationId();
  } catch (error) {
    if (error instanceof AppError && error.code === 'LEASE_LOST') return undefined;
    throw error;
  }
}
