// Executors from the ResourceManager: has the application submitted (yarn-submission.ts) in client mode, asks for containers, has executors started in them (executor-launcher.ts), asks again for those that are lost. What is held and wanted is
// core/executor-allocation.ts, the RM's connection rm-session.ts. Source: YarnClientSchedulerBackend, YarnAllocator, yarn.Client.
import { AppError } from '../../../common/errors.ts';
import { type ApplicationId, attemptId, type ContainerId, type NodeId } from '../../../common/ids.ts';
import type { Logger, Timers } from '../../../common/ports.ts';
import type { Resource } from '../../../common/resource.ts';
import { SPARK_KEYS } from '../../../common/spark-keys.ts';
import type { StageResources } from '../../plan/stage-resources.ts';
import type { LocalResource } from '../../../rpc/messages/shapes.ts';
import type { Peer } from '../../../rpc/peer.ts';
import type { Transport } from '../../../rpc/transport.ts';
import { ExecutorAllocation } from '../core/executor-allocation.ts';
import type { ApplicationInfo, ClusterEvents, ClusterManager, ElasticExecutors, Ending } from './cluster-manager.ts';
import { ExecutorLauncher, type Launch } from './executor-launcher.ts';
import { type ExecutorSize, ExecutorSizes } from './executor-size.ts';
import { type Ask, RmSession, type Update } from '../../../rpc/rm-session.ts';
import type { SparkConf } from './spark-conf.ts';
import { type ClientAdmission, submitApplication } from './yarn-submission.ts';

/** How the application is known to the RM before the driver starts. */
export type Admission =
  | ClientAdmission
  /** The driver runs in the application's first container: cluster-main.ts has registered already, and unregisters when the program has ended. */
  | { readonly kind: 'cluster'; readonly applicationId: ApplicationId; readonly secret: string; readonly session: RmSession };

export type YarnOptions = {
  readonly transport: Transport;
  readonly timers: Timers;
  /** For waits at the start, which keep the process alive. */
  readonly waits: Timers;
  readonly log: Logger;
  readonly rmAddress: string;
  readonly user: string;
  readonly host: string;
  readonly appDir: string;
  readonly packagesDir: string | undefined;
  readonly admission: Admission;
  readonly executors: ExecutorSize & { readonly count: number };
  readonly resources: readonly LocalResource[];
  readonly conf: SparkConf;
  /** After the end: the daemons of a local-cluster. */
  readonly cleanUp?: () => Promise<void>;
};

/** Of the ask for a resource profile: id and priority. Source: YarnAllocator.getContainerPriority is the profile's id; ours begin with 1. */
const askIdOf = (profileId: number): number => profileId + 1;
const profileOfAsk = (askId: number): number => askId - 1;
const LAUNCH_FAILED_STATUS = -1000;

export class YarnBackend implements ClusterManager, ElasticExecutors {
  readonly applicationId: ApplicationId;
  readonly attemptId: string | undefined;
  readonly expectedSlots: number;
  readonly expectedExecutors: number;
  readonly #options: YarnOptions;
  readonly #allocation: ExecutorAllocation;
  readonly #sizes: ExecutorSizes;
  readonly #log: Logger;
  /** What each profile's last ask said, for the log. */
  readonly #asked = new Map<number, number>();
  #secret = '';
  #session: RmSession | undefined;
  #launcher: ExecutorLauncher | undefined;
  #events: ClusterEvents | undefined;
  #stopped: Promise<void> | undefined;
  #page = '';
  #reports: Peer | undefined;

  constructor(options: YarnOptions) {
    const { count, cores } = options.executors;
    this.#options = options;
    this.applicationId = options.admission.applicationId;
    this.attemptId = options.admission.kind === 'cluster' ? options.admission.session.attemptNumber : undefined;
    this.expectedSlots = Math.max(2, count * cores);
    this.expectedExecutors = count;
    this.#sizes = new ExecutorSizes(options.conf, options.executors);
    this.#log = options.log.named('YarnAllocator');
    this.#allocation = new ExecutorAllocation({ maxFailures: options.conf.read(SPARK_KEYS.maxExecutorFailures) });
    this.#allocation.setTarget(0, count);
  }

  get secret(): string {
    return this.#secret;
  }

  get elastic(): ElasticExecutors {
    return this;
  }

  async start(app: ApplicationInfo, events: ClusterEvents): Promise<void> {
    this.#events = events;
    const { admission, transport, timers, waits, log, rmAddress, host, user, appDir, packagesDir, resources, conf } = this.#options;
    let session: RmSession;
    if (admission.kind === 'client') {
      const submitted = await submitApplication(admission, { name: app.name, user, conf, log, waits });
      this.#secret = submitted.secret;
      this.#reports = submitted.reports;
      session = new RmSession({
        transport,
        timers,
        waits,
        log: log.named('YarnClientSchedulerBackend'),
        rmAddress,
        attemptId: attemptId(this.applicationId, 1),
        secret: this.#secret,
        host,
      });
    } else {
      this.#secret = admission.secret;
      session = admission.session;
    }
    this.#session = session;
    this.#launcher = new ExecutorLauncher({
      transport,
      log: this.#log,
      applicationId: this.applicationId,
      user,
      appDir,
      packagesDir,
      resources,
      conf,
      secret: this.#secret,
      nmSecret: () => session.nmSecret,
      driverAddress: app.driverAddress,
    });
    session.pageAt(this.#page);
    session.handlers = {
      holdings: () => ({ held: this.#allocation.held, asks: this.#asks() }),
      onUpdate: (update) => this.#update(update),
      onWaiting: (wanted, reason) => events.waiting(wanted, reason),
      onEnded: (error) => events.fatal(error),
    };
    if (admission.kind === 'client') await session.start();
    this.#checkFit(this.#sizes.containers);
    if (admission.kind === 'client') log.named('YarnClientSchedulerBackend').info(`Application ${this.applicationId} has started running.`);
    this.#ask();
  }

  /** @throws AppError RESOURCE_TOO_LARGE: no node has room for such an executor */
  #checkFit(containers: readonly Resource[]): void {
    const { memoryMb: maxMb, vcores: maxVcores } = this.#session?.maximumAllocation ?? { memoryMb: 0, vcores: 0 };
    for (const { memoryMb: wantMb, vcores: wantVcores } of containers)
      if (maxMb > 0 && (wantMb > maxMb || wantVcores > maxVcores))
        throw new AppError('RESOURCE_TOO_LARGE', { what: 'An executor', wantMb, wantVcores, maxMb, maxVcores });
  }

  // ---- how many

  addProfile(profile: StageResources): void {
    this.#sizes.add(profile);
    this.#checkFit([this.#sizes.container(profile.id)]);
  }

  target(profileId: number): number {
    return this.#allocation.target(profileId);
  }

  profileOf(executorId: string): number {
    return this.#allocation.profileOf(executorId);
  }

  slotsOf(profileId: number): number {
    return this.#sizes.slotsOf(profileId);
  }

  setTarget(profileId: number, count: number): void {
    if (this.#stopped !== undefined || count === this.#allocation.target(profileId)) return;
    this.#log.info(`Driver requested a total number of ${count} executor(s) for resource profile id: ${profileId}.`);
    this.#allocation.setTarget(profileId, count);
    this.#ask();
  }

  release(executorIds: readonly string[]): void {
    if (this.#stopped !== undefined) return;
    this.#log.info(`Driver requested to kill executor(s) ${executorIds.join(', ')}.`);
    for (const executorId of executorIds) {
      const containerId = this.#allocation.givenBack(executorId);
      if (containerId !== undefined) this.#session!.release(containerId);
    }
    this.#ask();
  }

  replace(executorIds: readonly string[], decommissioned = false): void {
    if (this.#stopped !== undefined) return;
    for (const executorId of executorIds) this.#allocation.leaves(executorId, decommissioned);
    this.#ask();
  }

  leftNode(nodeId: string): void {
    this.#session?.leftNode(nodeId as NodeId);
  }

  killTask(): boolean {
    return false;
  }

  giveUp(executorId: string): void {
    if (this.#stopped !== undefined) return;
    const containerId = this.#allocation.givenBack(executorId);
    if (containerId === undefined) return;
    this.#log.warn(`Giving back container ${containerId}: nothing is heard of executor ${executorId}`);
    this.#session!.release(containerId); // and asks for another
  }

  pageAt(url: string): void {
    this.#page = url; // the session may not be there yet: start() tells it
    this.#session?.pageAt(url);
  }

  setLogLevel(): void {
    // Executors are told on their own connections (executors.ts).
  }

  stop(ending: Ending): Promise<void> {
    this.#stopped ??= this.#stop(ending);
    return this.#stopped;
  }

  async #stop(ending: Ending): Promise<void> {
    const { admission, cleanUp } = this.#options;
    if (admission.kind === 'client') {
      await this.#session?.stop(ending);
      (this.#reports ?? admission.rm).close();
    } else this.#session?.tell(); // wants nothing more; how the application ended is known when the program has ended
    this.#launcher?.close();
    await cleanUp?.();
  }

  // ---- containers

  #asks(): Ask[] {
    return this.#allocation.profiles.map((profileId) => ({
      askId: askIdOf(profileId),
      priority: askIdOf(profileId),
      count: this.#stopped === undefined ? this.#allocation.wanted(profileId) : 0,
      resource: this.#sizes.container(profileId),
      hosts: [],
    }));
  }

  /** What is wanted may have changed. */
  #ask(): void {
    for (const profileId of this.#allocation.profiles) {
      const { memoryMb, vcores } = this.#sizes.container(profileId);
      const wanted = this.#allocation.wanted(profileId);
      const more = wanted - (this.#asked.get(profileId) ?? 0);
      this.#asked.set(profileId, wanted);
      if (more > 0)
        this.#log.info(
          `Will request ${more} executor container(s) for ResourceProfile Id: ${profileId}, each with ${vcores} core(s) and ${memoryMb} MB memory.`,
        );
      else if (more < 0)
        this.#log.info(
          `Canceling requests for ${-more} executor container(s) to have a new desired total ${this.#allocation.target(profileId)} executors.`,
        );
    }
    this.#session?.tell();
  }

  #update({ granted, completed, preempt, leavingNodes }: Update): void {
    for (const { askId, token, nodeAddress, host } of granted) {
      const profileId = profileOfAsk(askId);
      const granted = this.#stopped === undefined ? this.#allocation.granted(token.containerId, profileId) : undefined;
      if (granted === undefined)
        this.#session!.release(token.containerId); // it was asked for, and is not wanted any more
      else if (granted.fresh) {
        this.#asked.set(profileId, this.#allocation.wanted(profileId));
        void this.#launch({ executorId: granted.executorId, profileId, size: this.#sizes.of(profileId), token, nodeAddress, host });
      }
    }
    for (const end of completed) this.#ended(end.containerId, end.exitStatus, end.diagnostics);
    const wantedBack = preempt.flatMap((containerId) => this.#allocation.executorOf(containerId) ?? []);
    if (wantedBack.length > 0 && this.#stopped === undefined) this.#events!.executorsWantedBack(wantedBack);
    for (const nodeId of leavingNodes) this.#events!.nodeLeaves(nodeId);
  }

  #ended(containerId: ContainerId, exitStatus: number, diagnostics: string): void {
    const ended = this.#allocation.ended({ containerId, exitStatus, diagnostics });
    if (ended === undefined || this.#stopped !== undefined) return;
    this.#events!.executorExited(ended.executorId, { exitStatus, diagnostics });
    if (ended.tooMany) {
      const last = `executor ${ended.executorId} exited with status ${exitStatus}${diagnostics === '' ? '' : `: ${diagnostics}`}`;
      this.#events!.fatal(new AppError('MAX_EXECUTOR_FAILURES', { count: this.#allocation.failures, last }));
      return;
    }
    this.#ask(); // a replacement
  }

  async #launch(launch: Launch): Promise<void> {
    try {
      await this.#launcher!.launch(launch);
    } catch (error) {
      if (this.#stopped !== undefined) return;
      const { executorId, host, token } = launch;
      this.#log.warn(`Executor ${executorId} could not be launched on ${host}: ${(error as Error).message}`);
      this.#session!.release(token.containerId);
      this.#ended(token.containerId, LAUNCH_FAILED_STATUS, (error as Error).message);
    }
  }
}
