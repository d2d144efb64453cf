// The driver of one application: loop, executors, broadcasts and cluster manager put together, from start to stop. The user's API over it
// is spark-context.ts. Source: what SparkEnv and SparkContext's constructor do in Spark.
import { pathToFileURL } from 'node:url';
import { AppError, type ErrorCode } from '../../../common/errors.ts';
import { SPARK_KEYS } from '../../../common/spark-keys.ts';
import { MOST_FRAME_BYTES, PART_BYTES } from '../../plan/frame-parts.ts';
import type { RddNode } from '../../plan/lineage.ts';
import { AccumulatorTable } from './accumulator-table.ts';
import { listedFiles } from '../event-log/listed-files.ts';
import { logSettings } from '../event-log/settings.ts';
import type { EventLogWriter } from '../event-log/writer.ts';
import { startEventLog } from '../event-log/start.ts';
import { ApplicationEvents } from './application-events.ts';
import { applicationFacts } from './application-facts.ts';
import { ApplicationStatus } from './application-status.ts';
import { BoundedLog } from './bounded-log.ts';
import { BarrierCoordinator } from './barrier-coordinator.ts';
import { Broadcasts } from './broadcasts.ts';
import { userFrames } from '../../../common/user-frames.ts';
import { checkConf } from './check-conf.ts';
import type { Properties } from '../core/job-properties.ts';
import type { ResourceProfiles } from '../core/resource-profiles.ts';
import type { Job } from '../core/stage.ts';
import type { ClusterManager, Ending } from './cluster-manager.ts';
import type { DriverHost } from './driver-host.ts';
import { DriverStorage } from './driver-storage.ts';
import { DriverLoop, type JobResult } from './driver-loop.ts';
import { ExecutorControl } from './executor-control.ts';
import { Executors } from './executors.ts';
import { definePools } from './fair-pools.ts';
import { holdProcess } from './hold-process.ts';
import { ListenerBus } from './listener-bus.ts';
import { killGraceMs, schedulingSettings, slotsPerExecutor } from './scheduling-settings.ts';
import { pushMerges } from './merge-finalizer.ts';
import { liveApp } from './live-app.ts';
import { LOCAL_EXECUTOR } from './local-backend.ts';
import { namedAccumulators } from './named-accumulators.ts';
import { parseMaster } from './master-url.ts';
import { OwnWorks } from './own-work.ts';
import { ProgressBar } from './progress-bar.ts';
import { removeFromServices } from './shuffle-services.ts';
import { type RegisteredGate, registeredGate } from './registered-gate.ts';
import { resourceProfiles, settingsFor } from './resource-profiles.ts';
import type { SparkConf } from './spark-conf.ts';
import { ProgramListeners } from './spark-listener.ts';
import { StagePreparer } from './stage-preparer.ts';

export type JobRequest = {
  /** Its frames are the user's at the action. */
  readonly calledFrom: Error;
  readonly root: RddNode;
  readonly action: unknown;
  readonly partitions: readonly number[];
  readonly onResult: (index: number, result: JobResult) => void;
  readonly callSite: string;
  readonly properties: Properties;
};

export class Driver {
  readonly manager: ClusterManager;
  readonly loop: DriverLoop;
  /** What happens here, for whoever listens. */
  readonly bus: ListenerBus;
  readonly events: ApplicationEvents;
  readonly listeners: ProgramListeners;
  readonly executors: Executors;
  readonly control: ExecutorControl;
  readonly profiles: ResourceProfiles;
  readonly status: ApplicationStatus;
  readonly storage: DriverStorage;
  readonly broadcasts = new Broadcasts();
  readonly barriers: BarrierCoordinator;
  readonly accumulators = new AccumulatorTable();
  readonly ownWork: OwnWorks;
  /** Called once when the application can't go on. */
  onFatal: (error: AppError) => void = () => {};
  readonly #conf: SparkConf;
  readonly #host: DriverHost;
  readonly #log: BoundedLog;
  readonly #progress: ProgressBar | undefined;
  readonly #eventLog: EventLogWriter | undefined;
  #failure: AppError | undefined;
  #stopping: Promise<void> | undefined;
  #nextJobId = 0;
  /** FAIR scheduling: resolves when its file was read. */
  readonly #poolsKnown: Promise<void> | undefined;
  readonly #gate: RegisteredGate;

  constructor(conf: SparkConf, host: DriverHost) {
    this.#conf = conf;
    this.#host = host;
    checkConf(conf);
    this.ownWork = new OwnWorks(conf.read(SPARK_KEYS.cancelledGroupsTracked)!);
    const master = parseMaster(conf.get('spark.master'), host.cores);
    logSettings(conf, '', undefined); // what is wrong with them is said before anything is started
    const { manager, ...listen } = host.clusterFor(conf);
    this.manager = manager;
    host.logger.settings.context['app_id'] = manager.applicationId;
    const log = new BoundedLog(host.logger, host.clock);
    this.#gate = registeredGate(conf, manager.expectedExecutors, host.timers, log.named('CoarseGrainedSchedulerBackend'));
    this.#log = log.named('SparkContext');
    this.bus = new ListenerBus(log.named('LiveListenerBus'));
    this.events = new ApplicationEvents(this.bus, () => host.clock.nowMs());
    this.listeners = new ProgramListeners(this.bus, {
      capacity: conf.read(SPARK_KEYS.eventQueueCapacity)!,
      log: log.named('AsyncEventQueue'),
      nowMs: () => host.clock.nowMs(),
    });
    const preparer = new StagePreparer(
      log.named('TaskSetManager'),
      conf.read(SPARK_KEYS.closureWarnKb)!,
      pathToFileURL(`${host.appDir}/`).href,
    );
    this.profiles = resourceProfiles(conf, master, manager, this.bus, log.named('ResourceProfileManager'));
    const merges = pushMerges(conf, slotsPerExecutor(conf, master), { host, manager, log, loop: () => this.loop });
    this.loop = new DriverLoop(
      {
        taskMaxFailures:
          master.kind === 'local' && !conf.contains(SPARK_KEYS.taskMaxFailures.name)
            ? master.maxFailures
            : conf.read(SPARK_KEYS.taskMaxFailures)!,
        stageMaxAttempts: conf.read(SPARK_KEYS.stageMaxAttempts)!,
        ...schedulingSettings(conf, slotsPerExecutor(conf, master)),
        profiles: this.profiles,
        push: merges?.rules,
      },
      {
        clock: host.clock,
        timers: host.timers,
        log,
        prepare: (stage, attempt, action, outputs) => preparer.prepare(stage, attempt, action, outputs),
        kill: (slot, taskId, stageKey, reason, interrupt) => {
          const graceMs = killGraceMs(conf, interrupt);
          if (!manager.killTask(slot.executorId, slot.number, taskId, stageKey, reason, graceMs))
            this.executors.kill(slot, taskId, stageKey, reason, graceMs);
        },
        recall: async (slot) => manager.recallTasks?.(slot.number, slot.sent) ?? this.executors.recall(slot),
        accumulate: (updates) => {
          for (const [id, update] of updates) this.accumulators.get(id)?.merge(update);
        },
        blockAddress: (executorId) => this.executors.outputsAddress(executorId),
        setEnded: (key) => this.barriers.stageEnded(key),
        replaceExecutor: (executorId, reason) => {
          this.#log.warn(`Executor ${executorId} is ended: ${reason}`);
          manager.giveUp(executorId);
        },
        hostOf: (executorId) => this.executors.host(executorId),
        results: {
          fetch: (executorId, ...which) => this.storage.results.fetch(executorId, ...which),
          remove: (executorId, taskId) => this.storage.results.remove(executorId, taskId),
        },
        finalizeMerge: merges?.finalize,
        bus: this.bus,
        namedAccumulators: (updates) => namedAccumulators(updates, this.accumulators),
      },
    );
    this.loop.core.tasks.expectedSlots = manager.expectedSlots;
    this.loop.maxResultBytes = conf.read(SPARK_KEYS.maxResultSize)!;
    const services = conf.read(SPARK_KEYS.shuffleServiceEnabled)! ? removeFromServices(host.transport, manager, log) : undefined;
    this.storage = new DriverStorage({
      ...{ loop: this.loop, broadcasts: this.broadcasts, bus: this.bus, conf, host, log, services },
      me: () => ({ id: `block:${manager.applicationId}/driver`, secret: manager.secret }),
      placeOf: (executorId) => ({ host: this.executors.host(executorId), port: this.executors.port(executorId) }),
    });
    this.barriers = new BarrierCoordinator({
      tasks: this.loop.core.tasks,
      timers: host.timers,
      timeoutMs: conf.read(SPARK_KEYS.barrierTimeoutMs)!,
    });
    this.executors = new Executors({
      ...{ merges, loop: this.loop, clock: host.clock, timers: host.timers, log },
      barriers: this.barriers,
      blocks: this.storage.blocks,
      broadcasts: this.broadcasts,
      secretOf: () => manager.secret,
      networkTimeoutMs: conf.read(SPARK_KEYS.networkTimeoutMs)!,
      sharedHost: host.hostName,
      events: this.events,
      onExecutor: (change) => {
        this.control.changed(change);
        if (change.tag === 'executorAdded') this.#gate.executorRegistered();
      },
      replace: (executorId) => manager.elastic?.replace([executorId]),
      giveUp: (executorId) => manager.giveUp(executorId),
      profileOf: (executorId) => manager.elastic?.profileOf(executorId) ?? 0,
      mostFrameBytes: () =>
        Math.min(MOST_FRAME_BYTES, this.loop.maxResultBytes > 0 ? this.loop.maxResultBytes + PART_BYTES : MOST_FRAME_BYTES),
      welcome: (profileId) => ({
        applicationId: manager.applicationId,
        applicationName: conf.get('spark.app.name'),
        conf: settingsFor(this.profiles, profileId, conf.getAll()),
        heartbeatMs: conf.read(SPARK_KEYS.executorHeartbeatMs)!,
        logLevel: host.logger.settings.level,
      }),
    });
    this.#poolsKnown = definePools(this.loop.core.tasks.pools, conf, host, log.named('FairSchedulableBuilder'));
    this.#eventLog = startEventLog(conf, manager, host, log.named('EventLogFileWriter'));
    if (this.#eventLog !== undefined) this.bus.add(this.#eventLog);
    this.status = new ApplicationStatus({
      conf,
      host,
      bus: this.bus,
      live: liveApp(this, conf),
      eventLog: () => {
        const settings = logSettings(conf, manager.applicationId, manager.attemptId);
        return settings && listedFiles(settings);
      },
      onUrl: (url) => manager.pageAt(url),
    });
    this.events.started(applicationFacts(conf, manager, host.version));
    const { clock, timers } = host;
    this.control = new ExecutorControl({ conf, manager, loop: this.loop, executors: this.executors, clock, timers, log });
    if (master.kind === 'local') this.executors.addLocal(LOCAL_EXECUTOR, host.hostName, manager.expectedSlots);
    else this.events.driverAdded(host.hostName);
    const showProgress = conf.read(SPARK_KEYS.consoleProgress) ?? host.stderr.isTTY === true;
    const progress = showProgress ? new ProgressBar(host.stderr, host.clock, host.timers, this.loop.core) : undefined;
    if (progress !== undefined) host.logger.settings.beforeLine = () => progress.hide();
    this.#progress = progress;
    void this.#start(listen);
  }

  async #start({ listenAddress, listenOptions }: Omit<ReturnType<DriverHost['clusterFor']>, 'manager'>): Promise<void> {
    try {
      const driverAddress = await this.executors.listen(this.#host.transport, listenAddress, listenOptions);
      if (this.#stopping !== undefined) return;
      await this.manager.start(
        { name: this.#conf.get('spark.app.name'), driverAddress, conf: this.#conf.getAll() },
        {
          executorExited: (executorId, exit) => this.executors.exited(executorId, exit),
          executorsWantedBack: (executorIds) => this.control.wantedBack(executorIds),
          nodeLeaves: (nodeId) => this.control.nodeLeaves(nodeId),
          workerLost: (executorId, slot, code, params, runningTaskId) =>
            this.executors.workerLost(executorId, slot, { code: code as ErrorCode, params, runningTaskId }),
          localBlocks: (executorId) => this.storage.localBlocks(executorId, this.#host.hostName),
          waiting: (wanted, reason) => this.events.waiting(wanted, reason),
          localHeartbeat: (figures, maxMemoryBytes) =>
            this.events.heartbeat({ id: LOCAL_EXECUTOR, host: this.#host.hostName, port: process.pid }, figures, maxMemoryBytes),
          fatal: (error) => this.#fail(error),
        },
      );
    } catch (error) {
      this.#fail(
        error instanceof AppError ? error : new AppError('INTERNAL', { detail: (error as Error).stack ?? String(error) }, { cause: error }),
      );
    }
  }

  /** What ended the application, if something did. */
  get failure(): AppError | undefined {
    return this.#failure;
  }

  /** @throws AppError CONTEXT_STOPPED, JOB_ABORTED, JOB_CANCELLED, or what ended the application */
  async runJob(request: JobRequest): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#stopping !== undefined) throw new AppError('CONTEXT_STOPPED', {});
    this.profiles.checkJob(request.root);
    await this.#poolsKnown;
    await holdProcess(this.#gate.opened);
    const jobId = this.#nextJobId++;
    const refusal = this.ownWork.refusalOf(request.properties);
    if (refusal !== undefined) throw new AppError('JOB_CANCELLED', { jobId, reason: refusal });
    this.#log.info(`Starting job: ${request.callSite}`);
    const details = this.bus.active ? userFrames(request.calledFrom, this.#host.engineDir).replace(/^\s+/gm, '') : '';
    this.#progress?.wake();
    this.status.wake();
    await holdProcess(this.loop.run({ ...request, jobId, details })); // also when the program forgot to await it
  }

  cancelWhere(isMeant: (job: Pick<Job, 'properties'>) => boolean, reason: string): void {
    this.ownWork.cancelWhere(isMeant, reason);
    for (const [jobId, job] of [...this.loop.core.jobs]) if (isMeant(job)) this.loop.cancel(jobId, reason);
  }

  stop(ending: Ending): Promise<void> {
    this.#stopping ??= holdProcess(this.#stop(ending));
    return this.#stopping;
  }

  async #stop(ending: Ending): Promise<void> {
    this.#progress?.stop();
    this.storage.cleaner.stop();
    this.control.stop();
    this.#gate.stop();
    this.cancelWhere(() => true, 'because SparkContext was shut down');
    await this.executors.stop();
    this.events.ended(ending.exitCode);
    this.listeners.drain();
    this.status.stop();
    await Promise.all([this.#eventLog?.close(), this.manager.stop(ending)]);
    await this.control.cleanUp();
  }

  #fail(error: AppError): void {
    if (this.#failure !== undefined || this.#stopping !== undefined) return;
    this.#failure = error;
    this.loop.failAll(error);
    this.onFatal(error);
  }
}
