// How many executors the driver has, by whomever it is decided: dynamic allocation (allocation-manager.ts) or the program (sc.requestExecutors,
// sc.killExecutors). Puts policy, table of executors and cluster manager together; driver.ts makes one. Source: ExecutorAllocationClient as
// CoarseGrainedSchedulerBackend implements it.
import { AppError } from '../../../common/errors.ts';
import type { Clock, Logger, Timers } from '../../../common/ports.ts';
import { SPARK_KEYS } from '../../../common/spark-keys.ts';
import type { HoldingOf } from '../core/executor-monitor.ts';
import type { LoadWatcher } from '../core/task-scheduler.ts';
import { checkShuffleKept, decommissionSettings, dynamicSettings, warnOfInitial } from './allocation-conf.ts';
import { AllocationManager } from './allocation-manager.ts';
import type { ClusterManager } from './cluster-manager.ts';
import { Decommissioner, type LeavingWhy } from './decommissioner.ts';
import type { DriverLoop } from './driver-loop.ts';
import type { ExecutorChange } from './executor-table.ts';
import type { Executors } from './executors.ts';
import { LeavingNodes } from './leaving-nodes.ts';
import { shuffleMigrator } from './shuffle-migrator.ts';
import type { SparkConf } from './spark-conf.ts';

export type ControlPorts = {
  readonly conf: SparkConf;
  readonly manager: ClusterManager;
  readonly loop: DriverLoop;
  readonly executors: Executors;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Logger;
};

const DEFAULT_PROFILE = 0;
/** Source: ExecutorKilled.toString. */
const KILLED_BY_DRIVER = 'Executor killed by driver.';

export class ExecutorControl implements LoadWatcher {
  readonly #ports: ControlPorts;
  readonly #dynamic: AllocationManager | undefined;
  readonly #decommissioner: Decommissioner | undefined;
  readonly #nodes: LeavingNodes | undefined;
  #lookIsDue = false;

  /** @throws AppError CONFIG_REFUSED */
  constructor(ports: ControlPorts) {
    this.#ports = ports;
    const { conf, manager, loop, clock, timers, log } = ports;
    const settings = dynamicSettings(conf);
    const { elastic } = manager;
    if (elastic === undefined) return;
    loop.core.tasks.watcher = this;
    const going = decommissionSettings(conf);
    const migrator = going && shuffleMigrator(going, ports);
    if (migrator !== undefined)
      this.#nodes = new LeavingNodes({ migrator, table: ports.executors.table, left: (nodeId) => elastic.leftNode(nodeId), log });
    if (going !== undefined)
      this.#decommissioner = new Decommissioner(going, {
        executors: ports.executors,
        tasks: loop.core.tasks,
        migrator,
        drain: (slotId) => loop.drainSlot(slotId),
        release: (executorId) => elastic.release([executorId]),
        timers,
        log,
      });
    if (settings === undefined) return;
    const allocationLog = log.named('ExecutorAllocationManager');
    checkShuffleKept(conf, conf.read(SPARK_KEYS.shuffleServiceEnabled)!, allocationLog);
    warnOfInitial(conf, log.named('Utils'));
    this.#dynamic = new AllocationManager(settings, {
      tasks: loop.core.tasks,
      slotsOf: (profileId) => elastic.slotsOf(profileId),
      holdingOf: this.#holdingOf,
      clock,
      timers,
      log,
      setTarget: (profileId, count) => elastic.setTarget(profileId, count),
      remove: (executorIds) => {
        if (this.#decommissioner === undefined) this.#end(executorIds);
        else this.#decommissioner.begin(executorIds, 'spark scale down', 'idle');
      },
    });
  }

  loadChanged(): void {
    this.#dynamic?.loadChanged();
    if (!this.#decommissioner?.busy || this.#lookIsDue) return;
    this.#lookIsDue = true; // not here: the core is in the middle of a turn
    this.#ports.timers.after(0, () => {
      this.#lookIsDue = false;
      this.#decommissioner?.look();
    });
  }

  setRanDry(): void {
    this.#dynamic?.setRanDry();
  }

  /** The cluster manager takes their node out. */
  wantedBack(executorIds: readonly string[]): void {
    this.#sendAway(executorIds, 'its node is being taken out of the cluster', 'node');
  }

  /** Files that executors left there go with it. */
  nodeLeaves(nodeId: string): void {
    const { elastic } = this.#ports.manager;
    if (this.#nodes === undefined) elastic?.leftNode(nodeId);
    else this.#nodes.begin(nodeId);
  }

  /** From the table of executors. */
  changed(change: ExecutorChange): void {
    const { executorId } = change;
    switch (change.tag) {
      case 'executorAdded':
        return this.#dynamic?.executorAdded(executorId, change.profileId);
      case 'executorLeaves':
        return this.#dynamic?.executorLeaves(executorId);
      case 'executorWantsToLeave':
        return this.#sendAway([executorId], change.reason, 'executor');
      case 'executorMoved':
        return this.#decommissioner?.moved(executorId, change.blocks, change.left);
      case 'executorRemoved':
        this.#dynamic?.executorRemoved(executorId, change.reason);
        this.#nodes?.look();
        return this.#decommissioner?.look();
      default:
        change satisfies never;
    }
  }

  /** So many more. @returns false with a warning when the cluster manager has no others */
  request(additional: number): boolean {
    if (!Number.isInteger(additional) || additional < 0)
      throw new AppError('BAD_ARGUMENT', {
        method: 'requestExecutors',
        reason: `Attempted to request a negative number of additional executor(s) ${additional} from the cluster manager. Please specify a positive number!`,
      });
    const { elastic } = this.#ports.manager;
    if (elastic === undefined) return this.#notSupported('Requesting executors');
    elastic.setTarget(DEFAULT_PROFILE, elastic.target(DEFAULT_PROFILE) + additional);
    return true;
  }

  /** So many in all; those that are more stay until they are killed. */
  requestTotal(count: number): boolean {
    if (!Number.isInteger(count) || count < 0)
      throw new AppError('BAD_ARGUMENT', {
        method: 'requestTotalExecutors',
        reason: `Attempted to request a negative number of executor(s) ${count} from the cluster manager. Please specify a positive number!`,
      });
    const { elastic } = this.#ports.manager;
    if (elastic === undefined) return this.#notSupported('Requesting executors');
    elastic.setTarget(DEFAULT_PROFILE, count);
    return true;
  }

  /** They end at once, and none takes their place. What ran there runs again elsewhere. */
  kill(executorIds: readonly string[]): boolean {
    const { manager, executors, log } = this.#ports;
    const { elastic } = manager;
    if (elastic === undefined) return this.#notSupported('Killing executors');
    if (this.#dynamic !== undefined)
      throw new AppError('BAD_ARGUMENT', {
        method: 'killExecutors',
        reason: 'killExecutors() unsupported with Dynamic Allocation turned on',
      });
    const backend = log.named('YarnClientSchedulerBackend');
    backend.info(`Requesting to kill executor(s) ${executorIds.join(', ')}`);
    const known = new Set(executors.list().map(({ id }) => id));
    const unknown = executorIds.filter((id) => !known.has(id));
    if (unknown.length > 0) backend.warn(`Executor(s) to kill do not exist: ${unknown.join(', ')}`);
    const killed = [...new Set(executorIds)].filter((id) => known.has(id));
    backend.info(`Actual list of executor(s) to be killed is ${killed.join(', ')}`);
    for (const id of killed) {
      const profileId = elastic.profileOf(id);
      elastic.setTarget(profileId, elastic.target(profileId) - 1);
    }
    this.#end(killed);
    return killed.length > 0;
  }

  stop(): void {
    this.#ports.loop.core.tasks.watcher = undefined;
    this.#dynamic?.stop();
  }

  /** When executors have been told to end. */
  async cleanUp(): Promise<void> {
    await this.#decommissioner?.cleanUp();
  }

  /** Others may come in their place at once. */
  #sendAway(executorIds: readonly string[], reason: string, why: LeavingWhy): void {
    const { manager, log } = this.#ports;
    const begun = this.#decommissioner?.begin(executorIds, reason, why) ?? [];
    if (begun.length > 0) manager.elastic?.replace(begun, true);
    else if (this.#decommissioner === undefined)
      log
        .named('CoarseGrainedSchedulerBackend')
        .info(`Executors ${executorIds.join(', ')} stay until they end: ${reason}, and ${SPARK_KEYS.decommission.name} is false`);
  }

  #end(executorIds: readonly string[]): void {
    const { executors, manager } = this.#ports;
    for (const id of executorIds) executors.retire(id, KILLED_BY_DRIVER);
    manager.elastic?.release(executorIds);
  }

  readonly #holdingOf: HoldingOf = (executorId, leaving) => {
    const { loop, executors } = this.#ports;
    const cached = loop.holdsCached(executorId);
    if (!executors.losses.outputsGoWith(executorId, leaving)) return { cached, shuffle: 'none' };
    const shuffles = loop.core.outputs.shufflesOf(executorId);
    if (shuffles.length === 0) return { cached, shuffle: 'none' };
    const needed = new Set<number>();
    for (const [, { stages }] of loop.core.jobs) for (const { dependency } of stages) if (dependency) needed.add(dependency.shuffleId);
    return { cached, shuffle: shuffles.some((id) => needed.has(id)) ? 'needed' : 'kept' };
  };

  #notSupported(what: string): false {
    this.#ports.log.named('SparkContext').warn(`${what} is not supported by current scheduler.`);
    return false;
  }
}
