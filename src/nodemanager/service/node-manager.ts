// The NodeManager put together from its parts and the adapters that main.ts chose: recover, listen, register; and stop, with all
// its containers. Decides nothing of its own.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { KEYS } from '../../common/config-keys.ts';
import type { NodeId } from '../../common/ids.ts';
import type { Clock, Launcher, Logger, Timers, Unpacker } from '../../common/ports.ts';
import { resourceText } from '../../common/resource.ts';
import type { Settings } from '../../common/settings.ts';
import type { Secrets } from '../../common/secrets.ts';
import type { RequestOf } from '../../rpc/define-rpc.ts';
import type { nodeRegister } from '../../rpc/messages/node.ts';
import { nodePeers, nodeRights } from '../../rpc/messages/node-questions.ts';
import type { Listener, Transport } from '../../rpc/transport.ts';
import { NmCore } from '../core/nm-core.ts';
import { ContainerJournal } from '../store/container-journal.ts';
import { adoptUnseen } from './adopt.ts';
import { ContainerFolders } from './container-folders.ts';
import { ContainerMonitor } from './container-monitor.ts';
import { ContainerRunner } from './container-runner.ts';
import { DriverService } from './driver-service.ts';
import { FileCache } from './file-cache.ts';
import { KeyRing } from './key-ring.ts';
import { inheritedFrom, type Programs } from './launch-command.ts';
import { Localizer } from './localizer.ts';
import { LogKeeper } from './log-keeper.ts';
import { LogsService } from './logs-service.ts';
import { offeredBy } from './node-capacity.ts';
import { vitals } from './node-load.ts';
import { NodeDoor } from './node-door.ts';
import type { RunCheck } from './health-script.ts';
import { NodeHealth } from './node-health.ts';
import { NodeLoop } from './node-loop.ts';
import { type NodeView, nodeView } from './node-view.ts';
import { OrderTaker } from './orders.ts';
import { ownUser, PrestartPool, sweepPrestarted } from './prestart-pool.ts';
import { ReachService } from './reach-service.ts';
import { RmLink, rmAt } from './rm-link.ts';
import { AS_ITSELF, type SecurityPorts } from './run-as.ts';
import { makeShuffleService, shuffleAddress, type ShuffleService } from './shuffle-service.ts';
import { StagedFetch } from './staged-fetch.ts';
import type { Reached } from './where-reached.ts';

export type NodeManagerPorts = SecurityPorts & {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly launcher: Launcher;
  readonly unpacker: Unpacker;
  readonly transport: Transport;
  readonly random: () => number;
  readonly runCheck: RunCheck;
};
export type NodeManagerOptions = Reached & {
  readonly dataDir: string;
  readonly name: string;
  readonly host: string;
  readonly nodeId: NodeId;
  readonly version: string;
  readonly httpAddress?: string; // host:port of its web server
  readonly secrets: Secrets;
  readonly settings: Settings;
  readonly programs: Programs;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The RM ordered the end of this process. */
  readonly onShutdown: () => void;
  readonly onFatal: (error: Error) => void;
};

const MAX_ARCHIVE_ENTRIES = 500_000;
/** A node that is taken out does not stay for who reads its logs and does not end. */
const LAST_READ_MS = 10_000;
const MB = 1024 * 1024;

export class NodeManager {
  readonly view: NodeView;
  readonly #ports: NodeManagerPorts;
  readonly #options: NodeManagerOptions;
  readonly #core = new NmCore();
  readonly #keys: KeyRing;
  readonly #health: NodeHealth;
  readonly #folders: ContainerFolders;
  readonly #journal: ContainerJournal;
  readonly #cache: FileCache;
  readonly #sweepPrestarted: () => void;
  readonly #prestart: PrestartPool;
  /** undefined: not among yarn.nodemanager.aux-services. */
  readonly #shuffle: ShuffleService | undefined;
  readonly #logs: LogKeeper;
  readonly #runner: ContainerRunner;
  readonly #monitor: ContainerMonitor;
  readonly #loop: NodeLoop;
  readonly #drivers: DriverService;
  readonly #door: NodeDoor;
  readonly #link: RmLink;
  readonly #cancels: (() => void)[] = [];
  #listener: Listener | undefined;
  #onHandled: () => void = () => {};
  #stopping: Promise<void> | undefined;

  constructor(ports: NodeManagerPorts, options: NodeManagerOptions) {
    const { clock, timers, logger, launcher, unpacker } = ports;
    const { settings, nodeId, host, programs, dataDir, name } = options;
    this.#ports = ports;
    this.#options = options;
    const stateDir = join(dataDir, 'state', `nm-${name}`);
    const localDirs = settings.get(KEYS.nmLocalDirs) ?? [join(dataDir, 'local', name)];
    const logDirs = settings.get(KEYS.nmLogDirs) ?? [join(dataDir, 'userlogs', name)];
    mkdirSync(join(stateDir, 'containers'), { recursive: true, mode: 0o700 });
    const runAs = ports.runAs ?? AS_ITSELF;
    runAs.openFolders({ dataDir, localDirs, logDirs });

    this.#health = new NodeHealth({ timers, logger, runCheck: ports.runCheck }, { local: localDirs, logs: logDirs }, settings);
    this.#folders = new ContainerFolders(
      { stateDir, localDirs, logDirs },
      { local: () => this.#health.usable.local, logs: () => this.#health.usable.logs },
    );
    this.#sweepPrestarted = () => sweepPrestarted(stateDir, logDirs);
    this.#journal = new ContainerJournal(join(stateDir, 'containers.jsonl'));
    this.#keys = new KeyRing(nodeId);
    const targetBytes = settings.need(KEYS.localCacheMb) * MB;
    const limits = { maxBytes: settings.need(KEYS.maxUnpackedMb) * MB, maxEntries: MAX_ARCHIVE_ENTRIES };
    this.#cache = new FileCache({ dir: join(this.#health.usable.local[0]!, 'filecache'), targetBytes, limits, unpacker });
    const toRm = rmAt(ports.transport, options.rmAddress, () => ({ id: `nm:${nodeId}`, secret: options.secrets.current() }));
    const inherited = { ...inheritedFrom(options.env), ...options.reachEnv };
    this.#prestart = new PrestartPool(
      { launcher, folders: this.#folders, timers, logger: logger.named('PrestartPool') },
      {
        count: settings.need(KEYS.prestartExecutors),
        user: ownUser(options.env),
        argv: [programs.nodeBinary, programs.executor, '--prestarted'],
        program: programs.executor,
        cwd: dataDir,
        env: inherited,
      },
    );
    this.#shuffle = makeShuffleService(settings, stateDir, this.#folders, logger, runAs);
    this.#logs = new LogKeeper({ ...ports, nodeId, dataDir, settings, folders: this.#folders, live: () => this.#core.live() });
    this.#runner = new ContainerRunner(
      {
        folders: this.#folders,
        archives: this.#logs.archives,
        diskFault: (look) => this.#health.diskFault(look),
        launcher,
        localizer: new Localizer({ cache: this.#cache, unpacker, limits, clock, staged: new StagedFetch(toRm.connect) }),
        prestart: this.#prestart,
        runAs,
        shuffle: this.#shuffle,
        clock,
        timers,
        logger: logger.named('ContainerRunner'),
        emit: (id, event) => this.#loop.container(id, event),
      },
      {
        nodeId,
        host,
        inherited,
        programs,
        sigkillDelayMs: settings.need(KEYS.sigkillDelayMs),
        deleteDelayMs: settings.need(KEYS.deleteDelaySec) * 1000,
      },
    );
    this.#monitor = new ContainerMonitor(
      {
        clock,
        timers,
        onOverLimit: (id, exitStatus, diagnostics) => {
          logger.warn(diagnostics.slice(0, diagnostics.indexOf('\n')));
          this.#loop.container(id, { tag: 'kill', end: { exitStatus, diagnostics } });
        },
        onGone: (id) => {
          const container = this.#core.get(id);
          if (container?.tag === 'RUNNING' || container?.tag === 'KILLING') this.#runner.ended(container);
        },
      },
      { intervalMs: settings.need(KEYS.monitorIntervalMs), checkMemory: settings.need(KEYS.pmemCheck) },
    );
    this.#loop = new NodeLoop({
      core: this.#core,
      journal: this.#journal,
      runner: this.#runner,
      monitor: this.#monitor,
      changed: (id) => this.#changed(id),
      handled: () => this.#onHandled(),
      onFatal: options.onFatal,
    });
    this.#drivers = new DriverService({
      core: this.#core,
      loop: this.#loop,
      keys: this.#keys,
      ...ports,
      auxServices: settings.need(KEYS.auxServices),
    });
    const logs = new LogsService({
      nodeId,
      folders: this.#folders,
      archives: this.#logs.archives,
      isRunning: (id) => this.#core.live().some((c) => c.id === id),
    });
    const peers = async () => (await this.#link.ask(nodePeers, {})).addresses;
    const reach = new ReachService({ ...options, ...ports, peers, shuffleAddress: () => this.#shuffle?.address });
    this.#door = new NodeDoor({ ...options, keys: this.#keys, drivers: this.#drivers, logs, reach, clock, timers, logger });
    const [core, monitor, health] = [this.#core, this.#monitor, this.#health];
    this.view = nodeView({ ...options, clock, core, health, logs, monitor, ask: (question) => this.#link.ask(nodeRights, question) });
    const orders = new OrderTaker({
      loop: this.#loop,
      drivers: this.#drivers,
      keys: this.#keys,
      logger: logger.named('NodeStatusUpdater'),
      registerAgain: () => void this.#link.registerAgain().catch(() => {}),
      shutdown: options.onShutdown,
      signal: (id, signal) => this.#runner.signal(id, signal),
    });
    this.#link = new RmLink({
      nodeId,
      timers,
      logger: logger.named('NodeStatusUpdater'),
      random: ports.random,
      ...vitals(this.#health, this.#monitor),
      ...toRm,
      registration: () => this.#registration(),
      report: (id) => this.#core.report(id),
      onRegistered: (reply) => orders.registered(reply),
      onKeys: (keys) => this.#keys.set(keys),
      onClock: (rmNowMs) => this.#keys.clocks(rmNowMs, clock.nowMs()),
      onOrders: (list) => orders.take(list),
      onAcked: (ids) => this.#loop.handle({ tag: 'acked', ids }),
    });
  }

  /** @returns when drivers can connect; registration goes on behind it. @throws AppError SOCKET_IN_USE, SOCKET_PATH_TOO_LONG */
  async start(): Promise<{ address: string; registered: Promise<void> }> {
    const { clock, transport, logger } = this.#ports;
    const { settings, address, bindHost } = this.#options;
    // Listening first: it fails when another NodeManager of this name lives, before we would take up its containers.
    this.#listener = await this.#door.open(transport, address, bindHost);
    try {
      this.#sweepPrestarted();
      this.#journal.open();
      this.#cache.open();
      await this.#shuffle?.open(transport, shuffleAddress(settings, address), bindHost);
    } catch (error) {
      await this.#listener.close();
      throw error;
    }
    adoptUnseen(this.#journal, (id) => this.#runner.startedUnseen(id), clock.nowMs());
    this.#loop.recover(clock.nowMs());
    this.#health.start();
    this.#cancels.push(() => this.#health.stop(), this.#logs.start());
    this.#monitor.look();
    const adopted = this.#core.live().length;
    if (adopted > 0) logger.info(`Adopted ${adopted} containers of the NodeManager before.`);
    const registered = this.#link.start();
    registered.then(() => this.#prestart.fill()).catch(() => {});
    return { address: this.#listener.address, registered };
  }

  /** SIGTERM: containers end (SIGTERM, SIGKILL), the RM hears of it, idle executors end. `forGood`: who follows a log here may read its end. */
  stop(forGood = false): Promise<void> {
    this.#stopping ??= this.#stop(forGood);
    return this.#stopping;
  }

  async #stop(forGood: boolean): Promise<void> {
    const { timers } = this.#ports;
    this.#drivers.refuseAll();
    this.#prestart.close();
    for (const cancel of this.#cancels) cancel();
    const quiet = new Promise<void>((resolve) => {
      this.#onHandled = () => this.#core.isIdle() && resolve();
      timers.after(this.#options.settings.need(KEYS.sigkillDelayMs) + 2_500, resolve);
    });
    this.#loop.handle({ tag: 'shutdown' });
    this.#onHandled();
    await quiet;
    if (forGood) await Promise.race([this.#door.unread(), new Promise<void>((resolve) => timers.after(LAST_READ_MS, resolve))]);
    await this.#link.stop(500);
    await Promise.all([this.#listener?.close(), this.#shuffle?.close()]);
    this.#loop.close();
    this.#journal.close();
  }

  #changed(id: Parameters<RmLink['changed']>[0]): void {
    const c = this.#core.get(id);
    if (c?.tag === 'EXITED_WITH_SUCCESS' || c?.tag === 'EXITED_WITH_FAILURE') this.#drivers.ended(c);
    this.#link.changed(id);
  }

  #registration(): RequestOf<typeof nodeRegister> {
    const { nodeId, host, version, settings, httpAddress = '' } = this.#options;
    const capacity = offeredBy(settings);
    this.#ports.logger.debug(`Offering ${resourceText(capacity)}`);
    const [address, containers, applications] = [this.#listener?.address ?? '', this.#core.reports(), this.#core.applications()];
    return { nodeId, host, rack: '/default-rack', address, capacity, version, containers, applications, httpAddress };
  }
}
