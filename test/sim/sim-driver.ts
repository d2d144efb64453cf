// A driver in the simulation: asks for containers, launches on the nodes what it is granted, wants every piece of work done once,
// says good-bye. That a container has ended it hears from the ResourceManager alone, so a lost ending would be seen.
// In client mode it lives by itself; in cluster mode in its AM container.
import type { AttemptId, ContainerId, NodeId } from '../../src/common/ids.ts';
import type { Update } from '../../src/resourcemanager/core/entities.ts';
import type { Untimed } from '../../src/resourcemanager/service/event-loop.ts';
import type { ClusterSim, Door } from './cluster-sim.ts';
import { newLine } from './network.ts';

export type Work = {
  readonly containers: number;
  readonly memoryMb: number;
  readonly vcores: number;
  readonly runMs: number;
  readonly hosts: readonly string[];
};
const TICK_MS = 1_500;

export class SimDriver {
  readonly attemptId: AttemptId;
  readonly work: Work;
  left: number;
  up = true;
  finished = false;
  hungUntilMs = 0;
  door: Door | undefined;
  readonly held = new Map<ContainerId, NodeId>();
  link = 0;
  upLine = newLine();
  downLine = newLine();
  readonly #sim: ClusterSim;
  /** Given back, and not yet confirmed by the ResourceManager. */
  readonly #release = new Set<ContainerId>();
  #registered = false;
  #seq = 0;
  #lastUpdate = 0;

  constructor(sim: ClusterSim, attemptId: AttemptId, work: Work) {
    this.#sim = sim;
    this.attemptId = attemptId;
    this.work = work;
    this.left = work.containers;
  }

  connect(): void {
    this.#cut();
    if (this.up) this.#tick(this.link);
  }

  /** SIGSTOP: it says nothing, keeps its connection, and what comes meanwhile lies in its socket. */
  hang(ms: number): void {
    this.hungUntilMs = this.#sim.time.nowMs + ms;
  }

  /** What comes on its connection while it hangs it sees afterwards, in order, when the connection stands or was closed with it in the socket. */
  whenAwake(run: () => void): void {
    const leftMs = this.hungUntilMs - this.#sim.time.nowMs;
    if (leftMs <= 0) return run();
    const { link } = this;
    this.#sim.time.after(leftMs, () => {
      if (this.up && this.link === link) this.whenAwake(run);
    });
  }

  stop(): void {
    if (!this.up) return;
    this.#cut();
    this.up = false;
    for (const [id, nodeId] of this.held) this.#sim.orphan(id, nodeId);
  }

  updates(updates: readonly Update[]): void {
    for (const { seq, granted, completed, leavingNodes } of updates) {
      if (seq <= this.#lastUpdate) continue;
      this.#lastUpdate = seq;
      for (const { container } of granted) {
        this.#sim.grantSeen(container.id);
        this.held.set(container.id, container.node.id);
        if (this.held.size > this.left)
          throw new Error(`${this.attemptId} wants ${this.left} containers and was granted ${this.held.size}`);
        if (this.#sim.whim(0.03)) this.#giveBack(container.id);
        else if (!this.#sim.whim(0.03)) this.#launch(container.id, container.node.id); // else it is never used, and expires
      }
      for (const { containerId, exitStatus } of completed) {
        if (!this.held.delete(containerId)) continue;
        if (exitStatus === 0) this.left--;
      }
      // Some never answer: the node goes when its time is over.
      for (const nodeId of leavingNodes) if (!this.#sim.whim(0.2)) this.#leftNode(nodeId);
    }
    this.#act();
  }

  #leftNode(nodeId: NodeId): void {
    const event = (): Untimed => ({ tag: 'driverLeftNode', attemptId: this.attemptId, nodeId });
    this.#sim.call(this, event, () => () => {});
  }

  #giveBack(id: ContainerId): void {
    if (this.held.delete(id)) this.#release.add(id);
  }

  #cut(): void {
    this.#sim.closed(this, this.#gone());
    this.link++;
    this.upLine = newLine();
    this.downLine = newLine();
    this.door = undefined;
    this.#registered = false;
  }

  #gone(): Untimed {
    return { tag: 'driverDisconnected', attemptId: this.attemptId };
  }

  /** Tried again until the node took it or the grant is gone, as the driver's RPC is. */
  #launch(id: ContainerId, nodeId: NodeId): void {
    if (!this.up || !this.held.has(id)) return;
    const node = this.#sim.node(nodeId);
    const { runMs, memoryMb, vcores } = this.work;
    this.#sim.time.after(2, () => {
      if (!this.up || !this.held.has(id)) return;
      const taken = node.launch(id, { memoryMb, vcores }, () => this.#sim.time.after(runMs, () => node.end(id, 0)));
      if (!taken) this.#sim.time.after(TICK_MS, () => this.#launch(id, nodeId));
    });
  }

  #tick(link: number): void {
    if (!this.up || this.link !== link) return;
    if (this.hungUntilMs > this.#sim.time.nowMs) {
      // says nothing
    } else if (this.#registered) this.#act();
    else this.#register();
    this.#sim.time.after(TICK_MS, () => this.#tick(link));
  }

  #asks() {
    const { memoryMb, vcores, hosts } = this.work;
    return [{ askId: 1, priority: 0, count: Math.max(0, this.left - this.held.size), resource: { memoryMb, vcores }, hosts }];
  }

  #register(): void {
    this.#seq = 0;
    this.door ??= this.#sim.door();
    const [lastUpdateSeq, held, asks] = [this.#lastUpdate, [...this.held.keys()], this.#asks()];
    this.#sim.call(
      this,
      () => ({
        tag: 'driverRegistered',

        attemptId: this.attemptId,
        host: 'h',
        rpcPort: -1,
        trackingUrl: '',
        lastUpdateSeq,
        epoch: 0,
        held,
        asks,
      }),
      (refused) => {
        if (refused !== undefined) return () => this.#sim.driverRefused(this);
        this.#sim.opened(this, this.#gone(), { tag: 'driverReady', attemptId: this.attemptId });
        return () => {
          this.#registered = true;
        };
      },
    );
  }

  #act(): void {
    if (!this.#registered || !this.up || this.finished) return;
    if (this.left <= 0) {
      this.#sim.call(
        this,
        () => ({
          tag: 'driverUnregistered',

          attemptId: this.attemptId,
          finalStatus: 'SUCCEEDED',
          diagnostics: '',
          exitCode: 0,
        }),
        (refused) => () => {
          if (refused === 'ATTEMPT_UNKNOWN') return this.#sim.driverRefused(this);
          this.finished = true;
          this.#sim.driverFinished(this);
        },
      );
      return;
    }
    if (this.held.size > 0 && this.#sim.whim(0.01)) this.#giveBack([...this.held.keys()][0]!);
    const [seq, asks, ackedUpdateSeq, release] = [++this.#seq, this.#asks(), this.#lastUpdate, [...this.#release]];
    this.#sim.call(
      this,
      () => ({
        tag: 'driverAllocate',

        attemptId: this.attemptId,
        seq,
        asks,
        release,
        ackedUpdateSeq,
        progress: 0,
        diagnostics: '',
      }),
      (refused) => () => {
        if (refused === 'APPLICATION_FINISHED' || refused === 'ATTEMPT_UNKNOWN') this.#sim.driverRefused(this);
        else if (refused === undefined) for (const id of release) this.#release.delete(id);
      },
    );
  }
}
