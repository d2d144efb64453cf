// A NodeManager in the simulation: runs what it is told, reports until acknowledged, registers again whenever its connection or the
// ResourceManager was gone. kill -9 leaves its containers running (it adopts them); a reboot of the machine does not.
import type { AttemptId, ContainerId, NodeId } from '../../src/common/ids.ts';
import type { Resource } from '../../src/common/resource.ts';
import type { Order } from '../../src/resourcemanager/core/entities.ts';
import type { Untimed } from '../../src/resourcemanager/service/event-loop.ts';
import type { ContainerReport } from '../../src/rpc/messages/shapes.ts';
import type { ClusterSim, Door } from './cluster-sim.ts';
import { newLine } from './network.ts';

const TICK_MS = 1_000;

export class SimNode {
  readonly id: NodeId;
  capacity: Resource;
  readonly containers = new Map<ContainerId, ContainerReport>();
  up = false;
  healthy = true;
  /** Of its clock against the world's. */
  wallOffMs = 0;
  hungUntilMs = 0;
  door: Door | undefined;
  /** Changes when the connection is cut. */
  link = 0;
  upLine = newLine();
  downLine = newLine();
  #registered = false;
  #seq = 0;
  #acked = 0;
  readonly #sim: ClusterSim;

  constructor(sim: ClusterSim, id: NodeId, capacity: Resource) {
    this.#sim = sim;
    this.id = id;
    this.capacity = capacity;
  }

  start(): void {
    if (this.up) return;
    this.up = true;
    this.connect();
  }

  /** The process is gone; its containers are not. */
  crash(): void {
    if (!this.up) return;
    this.up = false;
    this.#cut();
  }

  reboot(): void {
    this.crash();
    const ids = [...this.containers.keys()];
    this.containers.clear();
    for (const id of ids) this.#sim.containerEnded(id);
  }

  /** A new connection, after the old one broke. */
  connect(): void {
    this.#cut();
    if (this.up) this.#tick(this.link);
  }

  /** SIGSTOP: it says nothing, keeps its connection, its containers run on, and what comes meanwhile lies in its socket. */
  hang(ms: number): void {
    this.hungUntilMs = this.#sim.time.nowMs + ms;
  }

  whenAwake(run: () => void): void {
    const leftMs = this.hungUntilMs - this.#sim.time.nowMs;
    if (leftMs <= 0) return run();
    const { link } = this;
    this.#sim.time.after(leftMs, () => {
      if (this.up && this.link === link) this.whenAwake(run);
    });
  }

  /** From a driver, or by order of the RM for an AM container. @returns false when nobody is there to take it */
  launch(id: ContainerId, resource: Resource, runs: () => void): boolean {
    if (!this.up || this.hungUntilMs > this.#sim.time.nowMs) return false;
    if (this.#sim.started.has(id)) return true;
    this.#sim.startContainer(id);
    this.containers.set(id, {
      containerId: id,
      resource,
      user: 'u',
      state: 'RUNNING',
      exitStatus: -1000,
      diagnostics: '',
      startedAtMs: this.#nowMs,
      finishedAtMs: 0,
    });
    runs();
    this.#beat();
    return true;
  }

  end(id: ContainerId, exitStatus: number): void {
    const container = this.containers.get(id);
    if (container === undefined || container.state === 'COMPLETED') return;
    this.containers.set(id, { ...container, state: 'COMPLETED', exitStatus, finishedAtMs: this.#nowMs });
    this.#sim.containerEnded(id);
    this.#beat();
  }

  orders(orders: readonly Order[]): void {
    for (const { what, orderSeq } of orders) {
      if (what.tag === 'kill') this.end(what.containerId, -106);
      else if (what.tag === 'launch')
        this.#sim.launchAm(this, what.container.id, what.container.resource, what.launch.env.EMBERLOOM_ATTEMPT_ID as AttemptId);
      this.#acked = Math.max(this.#acked, orderSeq);
      if (what.tag === 'shutdown') this.#shutDown();
    }
  }

  /** It was taken out: its containers end with it, it says that it has heard, and somebody starts it again. */
  #shutDown(): void {
    for (const id of this.containers.keys()) this.end(id, -100);
    this.#beat();
    this.#sim.time.after(500, () => {
      this.crash();
      this.containers.clear();
      this.#sim.time.after(5_000, () => this.start());
    });
  }

  get #nowMs(): number {
    return this.#sim.time.nowMs + this.wallOffMs;
  }

  #gone(): Untimed {
    return { tag: 'nodeDisconnected', nodeId: this.id };
  }

  #cut(): void {
    this.#sim.closed(this, this.#gone());
    this.link++;
    this.upLine = newLine();
    this.downLine = newLine();
    this.door = undefined;
    this.#registered = false;
  }

  #tick(link: number): void {
    if (!this.up || this.link !== link) return;
    if (this.hungUntilMs > this.#sim.time.nowMs) {
      // says nothing
    } else if (this.#registered) this.#beat();
    else this.#register();
    this.#sim.time.after(TICK_MS, () => this.#tick(link));
  }

  #register(): void {
    this.#seq = 0;
    this.#acked = 0;
    this.door ??= this.#sim.door();
    const containers = [...this.containers.values()];
    this.#sim.call(
      this,
      () => ({
        tag: 'nodeRegistered',

        nodeId: this.id,
        host: this.id,
        rack: 'r',
        address: `unix:/${this.id}`,
        capacity: this.capacity,
        containers,
        version: '0',
        applications: [],
      }),
      (refused, core) => {
        if (refused !== undefined) return undefined;
        this.#sim.opened(this, this.#gone(), { tag: 'nodeReady', nodeId: this.id });
        const { kill } = core.cluster.nodes.get(this.id)!.answer;
        return () => {
          this.#registered = true;
          for (const id of kill) this.end(id, -106);
          this.#beat();
        };
      },
    );
  }

  #beat(): void {
    if (!this.#registered || !this.up || this.hungUntilMs > this.#sim.time.nowMs) return;
    const reports = [...this.containers.values()];
    const [seq, ackedOrders, healthy] = [++this.#seq, this.#acked, this.healthy];
    this.#sim.call(
      this,
      () => ({
        tag: 'nodeHeartbeat',

        nodeId: this.id,
        seq,
        reports,
        ackedOrders,
        healthy,
        healthReport: healthy ? '' : 'the disk is full',
      }),
      (refused) => {
        if (refused === 'NODE_UNKNOWN' || refused === 'HEARTBEAT_STALE')
          return () => {
            if (refused === 'NODE_UNKNOWN') this.#registered = false;
          };
        return () => {
          for (const r of reports) if (r.state === 'COMPLETED') this.containers.delete(r.containerId);
        };
      },
    );
  }
}
