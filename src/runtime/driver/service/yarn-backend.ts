// Executors from the ResourceManager: submits the application (client mode: the driver is its own, unmanaged, application master), asks for
// containers, starts executors in them through the NodeManagers, asks again for those that are lost. How many are wanted is
// core/executor-allocation.ts, the RM's connection rm-session.ts. Source: YarnClientSchedulerBackend, YarnAllocator, yarn.Client.
import { AppError } from '../../../common/errors.ts';
import { type ApplicationId, type AttemptId, attemptId, type ContainerId } from '../../../common/ids.ts';
import type { Logger, Timers } from '../../../common/ports.ts';
import { type Resource, resource } from '../../../common/resource.ts';
import { SPARK_KEYS } from '../../../common/spark-keys.ts';
import { callPatiently, RM_PATIENCE_MS } from '../../../rpc/call-patiently.ts';
import { connectPeer } from '../../../rpc/connect.ts';
import { applicationChanged, applicationSubmit, applicationWatch } from '../../../rpc/messages/client.ts';
import { containerLaunch } from '../../../rpc/messages/driver.ts';
import type { ApplicationReport, ContainerToken, LocalResource } from '../../../rpc/messages/shapes.ts';
import type { Peer } from '../../../rpc/peer.ts';
import { reportBlock, stateLine } from '../../../rpc/report-lines.ts';
import type { Transport } from '../../../rpc/transport.ts';
import { ExecutorAllocation } from '../core/executor-allocation.ts';
import type { ApplicationInfo, ClusterEvents, ClusterManager, Ending } from './cluster-manager.ts';
import { type Ask, RmSession, type Update } from './rm-session.ts';
import type { SparkConf } from './spark-conf.ts';

/** How the application is known to the RM before the driver starts. */
export type Admission =
  | { readonly kind: 'client'; readonly applicationId: ApplicationId; readonly rm: Peer; readonly reconnect: () => Promise<Peer> }
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
  readonly admission: Admission;
  readonly executors: { readonly count: number; readonly cores: number; readonly memoryMb: number; readonly overheadMb: number };
  readonly resources: readonly LocalResource[];
  readonly conf: SparkConf;
  /** After the end: the daemons of a local-cluster. */
  readonly cleanUp?: () => Promise<void>;
};

const ASK_ID = 1;
const PRIORITY = 1;
const LAUNCH_FAILED_STATUS = -1000;
/** Source: ContainerExitStatus.KILLED_BY_APPMASTER. */
const KILLED_BY_DRIVER_STATUS = -105;

export class YarnBackend implements ClusterManager {
  readonly applicationId: ApplicationId;
  readonly expectedSlots: number;
  readonly #options: YarnOptions;
  readonly #allocation: ExecutorAllocation;
  readonly #resource: Resource;
  readonly #nodes = new Map<string, Promise<Peer>>();
  #secret = '';
  #session: RmSession | undefined;
  #app: ApplicationInfo | undefined;
  #events: ClusterEvents | undefined;
  #stopped: Promise<void> | undefined;
  #reports: Peer | undefined;

  constructor(options: YarnOptions) {
    const { count, cores, memoryMb, overheadMb } = options.executors;
    this.#options = options;
    this.applicationId = options.admission.applicationId;
    this.expectedSlots = Math.max(2, count * cores);
    this.#resource = resource(memoryMb + overheadMb, cores);
    this.#allocation = new ExecutorAllocation({
      target: count,
      maxFailures: options.conf.read(SPARK_KEYS.maxExecutorFailures) ?? Math.max(3, 2 * count),
    });
  }

  get secret(): string {
    return this.#secret;
  }

  async start(app: ApplicationInfo, events: ClusterEvents): Promise<void> {
    this.#app = app;
    this.#events = events;
    const { admission, transport, timers, waits, log, rmAddress, host } = this.#options;
    let session: RmSession;
    if (admission.kind === 'client') {
      const attempt = await this.#submit(admission, app.name);
      session = new RmSession({
        transport,
        timers,
        waits,
        log: log.named('YarnClientSchedulerBackend'),
        rmAddress,
        attemptId: attempt,
        secret: this.#secret,
        host,
      });
    } else {
      this.#secret = admission.secret;
      session = admission.session;
    }
    this.#session = session;
    session.handlers = {
      holdings: () => ({ held: this.#allocation.held, asks: this.#asks() }),
      onUpdate: (update) => this.#update(update),
      onEnded: (error) => events.fatal(error),
    };
    if (admission.kind === 'client') await session.start();
    const { maximumAllocation } = session;
    const { memoryMb, vcores } = this.#resource;
    if (maximumAllocation.memoryMb > 0 && (memoryMb > maximumAllocation.memoryMb || vcores > maximumAllocation.vcores)) {
      throw new AppError('RESOURCE_TOO_LARGE', {
        what: 'An executor',
        wantMb: memoryMb,
        wantVcores: vcores,
        maxMb: maximumAllocation.memoryMb,
        maxVcores: maximumAllocation.vcores,
      });
    }
    if (admission.kind === 'client') log.named('YarnClientSchedulerBackend').info(`Application ${this.applicationId} has started running.`);
    session.tell();
  }

  killTask(): boolean {
    return false;
  }

  giveUp(executorId: string): void {
    const containerId = this.#allocation.containerOf(executorId);
    if (containerId === undefined || this.#stopped !== undefined) return;
    this.#options.log.named('YarnAllocator').warn(`Giving back container ${containerId}: nothing is heard of executor ${executorId}`);
    this.#allocation.ended({ containerId, exitStatus: KILLED_BY_DRIVER_STATUS, diagnostics: '' });
    this.#session!.release(containerId); // and asks for another
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
    const close = (peer: Peer) => peer.close();
    for (const [, node] of this.#nodes) node.then(close, () => {});
    await cleanUp?.();
  }

  // ---- becoming an application

  async #submit({ rm, reconnect }: Extract<Admission, { kind: 'client' }>, name: string): Promise<AttemptId> {
    const { conf, user, log, waits } = this.#options;
    const { applicationId } = this;
    log.named('Client').info(`Submitting application ${applicationId} to ResourceManager`);
    const request = {
      applicationId,
      name,
      type: 'SPARK',
      user,
      queue: conf.read(SPARK_KEYS.queue)!,
      tags: [...conf.read(SPARK_KEYS.tags)!],
      priority: conf.read(SPARK_KEYS.priority)!,
      unmanaged: true,
      maxAttempts: 1,
    };
    const how = { connect: reconnect, timers: waits, log: log.named('Client'), patienceMs: RM_PATIENCE_MS };
    const { peer, reply } = await callPatiently(rm, applicationSubmit, request, how);
    this.#secret = reply.secret;
    log.named('YarnClientImpl').info(`Submitted application ${applicationId}`);
    this.#follow(peer);
    return attemptId(applicationId, 1);
  }

  /** The lines that Airflow, Luigi and others read. The connection is for reports only: its loss ends nothing. */
  #follow(rm: Peer): void {
    this.#reports = rm;
    let last = '';
    const see = (report: ApplicationReport) => {
      if (report.applicationId !== this.applicationId || report.state === last) return;
      last = report.state;
      const client = this.#options.log.named('Client');
      for (const line of [stateLine(report), reportBlock(report)]) client.info(line);
    };
    rm.on(applicationChanged, see);
    rm.call(applicationWatch, { applicationId: this.applicationId }).then(see, () => {});
  }

  // ---- containers

  #asks(): Ask[] {
    return [
      {
        askId: ASK_ID,
        priority: PRIORITY,
        count: this.#stopped === undefined ? this.#allocation.wanted : 0,
        resource: this.#resource,
        hosts: [],
      },
    ];
  }

  #update({ granted, completed }: Update): void {
    for (const { token, nodeAddress, host } of granted) {
      const launch = this.#stopped === undefined ? this.#allocation.granted(token.containerId) : undefined;
      if (launch === undefined) this.#session!.release(token.containerId);
      else if (launch.fresh) void this.#launch(launch.executorId, token, nodeAddress, host);
    }
    for (const end of completed) this.#ended(end.containerId, end.exitStatus, end.diagnostics);
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
    this.#session!.tell(); // a replacement
  }

  async #launch(executorId: string, token: ContainerToken, nodeAddress: string, host: string): Promise<void> {
    const { log, user, resources, conf, appDir, executors } = this.#options;
    log
      .named('YarnAllocator')
      .info(`Launching container ${token.containerId} on host ${host} for executor with ID ${executorId} for ResourceProfile Id 0`);
    const nodeOptions = conf.read(SPARK_KEYS.executorNodeOptions)!;
    try {
      const node = await this.#node(nodeAddress);
      await node.call(containerLaunch, {
        token,
        launch: {
          kind: 'executor',
          args: [],
          user,
          resources: [...resources],
          secretEnv: { EMBERLOOM_APP_SECRET: this.#secret },
          env: {
            ...executorEnvironment(conf),
            EMBERLOOM_DRIVER_ADDRESS: this.#app!.driverAddress,
            EMBERLOOM_APPLICATION_ID: this.applicationId,
            EMBERLOOM_EXECUTOR_ID: executorId,
            EMBERLOOM_EXECUTOR_CORES: String(executors.cores),
            EMBERLOOM_EXECUTOR_MEMORY_MB: String(executors.memoryMb),
            EMBERLOOM_APP_DIR: appDir,
            ...(conf.read(SPARK_KEYS.shuffleServiceEnabled) && { EMBERLOOM_AUX_SERVICES: 'spark_shuffle' }),
            ...(nodeOptions !== '' && { EMBERLOOM_NODE_OPTIONS: nodeOptions }),
          },
        },
      });
    } catch (error) {
      if (this.#stopped !== undefined) return;
      log.named('YarnAllocator').warn(`Executor ${executorId} could not be launched on ${host}: ${(error as Error).message}`);
      this.#session!.release(token.containerId);
      this.#ended(token.containerId, LAUNCH_FAILED_STATUS, (error as Error).message);
    }
  }

  #node(address: string): Promise<Peer> {
    const known = this.#nodes.get(address);
    if (known !== undefined) return known;
    const connecting = connectPeer(this.#options.transport, address, `the NodeManager at ${address}`, {
      id: `app:${this.applicationId}`,
      secret: this.#session!.nmSecret,
    }).then((peer) => {
      peer.onClose = () => this.#nodes.delete(address);
      if ('unref' in peer.channel.stream) (peer.channel.stream as { unref(): void }).unref();
      return peer;
    });
    connecting.catch(() => this.#nodes.delete(address));
    this.#nodes.set(address, connecting);
    return connecting;
  }
}

/** spark.executorEnv.NAME. */
function executorEnvironment(conf: SparkConf): Record<string, string> {
  const prefix = 'spark.executorEnv.';
  return Object.fromEntries(
    conf
      .getAll()
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value]),
  );
}
