// Where an executor begins. The main thread keeps the control connection to the driver, heartbeats, kills and the block server; user code
// never runs here, so it always answers. Tasks run in worker threads (worker-pool.ts), each with its own connection.
// Ends with the driver: a closed control connection is the end, within a second, whatever the workers do.
import { mkdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../common/errors.ts';
import type { LogLevel } from '../../common/ports.ts';
import { Log4jLogger } from '../../platform/log4j-logger.ts';
import { NetTransport } from '../../platform/net-transport.ts';
import { ownRunDir } from '../../platform/own-run-dir.ts';
import { tlsFromEnvironment } from '../../platform/tls-identity.ts';
import { eitherAddress, socketPathOf, tlsAddress } from '../../common/address.ts';
import { connectPeer, untilReached } from '../../rpc/connect.ts';
import { blockDrop, shuffleRemove } from '../../rpc/messages/blocks.ts';
import { broadcastDrop } from '../../rpc/messages/broadcasts.ts';
import {
  executorHeartbeat,
  executorProfile,
  executorRegister,
  executorStop,
  executorThreads,
  logLevelSet,
  slotLost,
  taskKill,
  taskRecall,
} from '../../rpc/messages/executor.ts';
import { shuffleMergers, shufflePushed } from '../../rpc/messages/shuffle-push.ts';
import type { Peer } from '../../rpc/peer.ts';
import { EXECUTOR_METRICS } from '../../status/executor-metrics.ts';
import { BlockService, masterOver } from './block-service.ts';
import { PeerBlocks } from './block-transfer.ts';
import { BroadcastStore, type BroadcastStoreOptions, broadcastsOver } from './broadcast-store.ts';
import { BlockPusher, pushSettings } from './block-pusher.ts';
import { startBlockServer } from './block-server.ts';
import { serveDecommission } from './decommission.ts';
import { EXECUTOR_EXIT } from './exit-codes.ts';
import { awaitClaim, executorLaunch, replaceEnvironment, tokenFile, type ExecutorLaunch, ownSettings } from './launch-environment.ts';
import { registerWithShuffleService } from './shuffle-registration.ts';
import { removeShuffleFiles } from './shuffle-removal.ts';
import { RemoteBlocks, retrySettings } from './remote-blocks.ts';
import { serveTaking } from './shuffle-taking.ts';
import { dumpThreadsOnSignal } from './thread-dump.ts';
import { type HeapLimits, WorkerPool } from './worker-pool.ts';

/** Share of the executor's memory that is the heaps of its task slots; the rest is the main thread, buffers and blocks. */
const HEAP_SHARE = 0.6;
const YOUNG_MB = 32;
const LEAST_HEAP_MB = 64;
/** What a prestarted executor is most often claimed for: Spark's default memory, and as many slots as the last one had (the NodeManager says). */
const USUAL = { cores: Number(process.env['EMBERLOOM_EXECUTOR_CORES']) || 1, memoryMb: 1024 };

const bundled = !import.meta.filename.endsWith('.ts');
const workerFile = join(import.meta.dirname, bundled ? 'worker.cjs' : 'worker-main.ts');
const logger = new Log4jLogger(process.stderr, 'Executor');

const heapLimits = (memoryMb: number, cores: number): HeapLimits => ({
  oldMb: Math.max(LEAST_HEAP_MB, Math.floor((memoryMb * HEAP_SHARE) / cores)),
  youngMb: YOUNG_MB,
});
const startPool = (memoryMb: number, cores: number) => new WorkerPool({ workerFile, slots: cores, limits: heapLimits(memoryMb, cores) });

function die(code: number, message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}

async function begin(): Promise<void> {
  process.on('SIGTERM', () => process.exit(EXECUTOR_EXIT.TERMINATED));
  process.on('uncaughtException', (error) => die(EXECUTOR_EXIT.UNCAUGHT, `Uncaught in the executor's main thread: ${error.stack}`));
  if (!process.argv.includes('--prestarted')) {
    const launch = executorLaunch(process.env, tokenFile(process.env), process.cwd());
    return await run(launch, startPool(launch.memoryMb, launch.cores));
  }
  const early = startPool(USUAL.memoryMb, USUAL.cores);
  const claim = await awaitClaim();
  if (claim === undefined) process.exit(EXECUTOR_EXIT.OK);
  replaceEnvironment(claim.env);
  process.chdir(claim.cwd);
  const launch = executorLaunch(claim.env, claim.secrets, claim.cwd);
  const usual = launch.cores === USUAL.cores && early.limits?.oldMb === heapLimits(launch.memoryMb, launch.cores).oldMb;
  if (!usual) void early.stop();
  await run(launch, usual ? early : startPool(launch.memoryMb, launch.cores));
}

async function run(launch: ExecutorLaunch, pool: WorkerPool): Promise<void> {
  const { executorId, secret, host } = launch;
  dumpThreadsOnSignal(executorId, () => pool.threads());
  const transport = new NetTransport({ tls: tlsFromEnvironment(process.env), host });
  const shuffleDirs = makeShuffleDirs(launch);
  let cached: BlockService | undefined;
  let broadcasts: BroadcastStore | undefined;
  const [driver, blocks] = await Promise.all([
    untilReached(() => connectPeer(transport, launch.driverAddress, 'the driver', { id: `executor:${executorId}`, secret })),
    startBlockServer({
      transport,
      address: blockAddress(launch),
      how: launch.reach ?? {},
      secret,
      applicationId: launch.applicationId,
      shuffleDirs,
      manager: () => cached?.manager,
      broadcasts: () => broadcasts,
      results: () => cached?.results,
    }),
    registerWithShuffleService(transport, launch, shuffleDirs, logger),
  ]);
  // The cluster's folder of sockets outlives the application; whatever ends this process but SIGKILL comes by here.
  const socket = socketPathOf(blocks.address);
  if (socket !== undefined) process.on('exit', () => rmSync(socket, { force: true }));
  driver.onClose = (reason) => die(EXECUTOR_EXIT.OK, `Driver at ${launch.driverAddress} disassociated (${reason})! Shutting down.`);
  serveDriver(driver, pool, executorId);
  const welcome = await driver.call(executorRegister, {
    executorId: executorId as never,
    containerId: launch.containerId,
    nodeId: launch.nodeId,
    host,
    slots: launch.cores,
    pid: process.pid,
    blockAddress: blocks.address,
    shuffleDirs,
    ...(launch.shuffleService !== undefined && { shuffleService: launch.shuffleService }),
  });
  const conf = ownSettings(welcome.conf as [string, string][], launch);
  logger.configure(welcome.applicationId, welcome.logLevel, conf);
  logger
    .named('CoarseGrainedExecutorBackend')
    .info(`Executor ${executorId} of ${welcome.applicationId} registered with the driver on host ${host}`);
  const blockDirs = shuffleDirs.map((dir) => join(dirname(dir), 'blocks', executorId));
  const me = { id: `block:${launch.applicationId}/${executorId}`, secret };
  const peers = new PeerBlocks(transport, me);
  cached = new BlockService({
    host,
    conf,
    dirs: blockDirs,
    besideHeapsBytes: launch.memoryMb * 1024 ** 2 * (1 - HEAP_SHARE),
    master: masterOver(driver),
    transfer: peers,
    broadcasts: (pool) => {
      const fromPeer: BroadcastStoreOptions['fromPeer'] = (at, id, index) => peers.broadcastPiece(at, id, index);
      const store = new BroadcastStore({
        driver: broadcastsOver(driver),
        fromPeer,
        pool,
        random: Math.random,
        log: logger.named('TorrentBroadcast'),
      });
      broadcasts = store;
      return (id) => store.broadcast(id);
    },
    log: logger,
  });
  const { manager } = cached;
  const pusher = blockPusher(driver, peers, launch, conf);
  if (pusher !== undefined) pool.onMapOutput = (output) => pusher.push(output);
  driver.serve(blockDrop, ({ rddId }) => ({ blocks: manager.removeRdd(rddId) }));
  driver.serve(broadcastDrop, ({ broadcastId }) => {
    broadcasts?.drop(broadcastId);
    return {};
  });
  driver.serve(shuffleRemove, async ({ shuffleId }) => ({ files: await removeShuffleFiles(shuffleDirs, shuffleId) }));
  serveTaking(driver, { host, shuffleDirs, conf, client: new RemoteBlocks(transport, me, retrySettings(conf)) });
  serveDecommission({
    driver,
    executorId,
    conf,
    handOn: async () => {
      const [objects, bytes] = [await pool.handOn(), await manager.migrateAll()];
      return { blocks: objects.blocks + bytes.blocks, left: objects.left + bytes.left };
    },
    log: logger.named('CoarseGrainedExecutorBackend'),
  });
  pool.blockPort = (slot) => cached!.portFor(slot);
  // Unlike shuffle files they are of no use without this process.
  process.on('exit', () => blockDirs.forEach((dir) => rmSync(dir, { recursive: true, force: true })));
  pool.connect({
    driverAddress: launch.driverAddress,
    secret,
    executorId,
    host,
    applicationId: launch.applicationId,
    shuffleDirs,
    blockDirs,
    appDir: launch.appDir,
    workDir: launch.workDir,
    env: { ...process.env },
    conf: [...conf],
    logLevel: welcome.logLevel,
    pushes: pusher !== undefined,
  });
  const beat = async () => {
    const { metrics, maxMemoryBytes } = await pool.metrics();
    driver.push(executorHeartbeat, {
      executorId: executorId as never,
      metrics: EXECUTOR_METRICS.map((name) => Math.round(metrics[name] ?? 0)),
      maxMemoryBytes,
      ...pool.progress(),
    });
  };
  pool.onConnected = () => void beat();
  setInterval(() => void beat(), welcome.heartbeatMs);
}

/** @returns undefined: push-based shuffle is off, or there is no service that merges */
function blockPusher(driver: Peer, services: PeerBlocks, { shuffleService, cores }: ExecutorLaunch, conf: Map<string, string>) {
  const settings = shuffleService === undefined ? undefined : pushSettings(conf, cores);
  return (
    settings &&
    new BlockPusher({
      settings,
      mergers: (shuffleId) => driver.call(shuffleMergers, { shuffleId }),
      send: (address, push) => services.pushBlocks(address, push),
      done: (shuffleId, mapIndex) => driver.push(shufflePushed, { shuffleId, mapIndex }),
      random: Math.random,
      log: logger.named('ShuffleBlockPusher'),
    })
  );
}

/** Application level: they outlive this executor, and go with the application. */
function makeShuffleDirs({ localDirs }: ExecutorLaunch): string[] {
  const made = localDirs
    .map((dir) => join(dir, 'shuffle'))
    .filter((dir) => {
      try {
        mkdirSync(dir, { recursive: true, mode: 0o700 });
        return true;
      } catch (error) {
        logger.warn(`${dir} can't be used: ${(error as Error).message}`);
        return false;
      }
    });
  if (made.length === 0) die(EXECUTOR_EXIT.NO_LOCAL_DIR, `None of the local dirs ${localDirs.join(', ')} can be used`);
  return made;
}

/** Executors of one host that is reached by a Unix socket are asked by one, too: beside the driver's, or what would be beside it on this host. */
function blockAddress({ driverAddress, executorId, host, reach }: ExecutorLaunch): string {
  const socket = socketPathOf(driverAddress);
  if (reach !== undefined && socket !== undefined) {
    const near = join(ownRunDir(reach.runDir).runDir, basename(socket).replace(/\.sock$/, `-b${executorId}.sock`));
    return eitherAddress(host, near, tlsAddress(reach.address, reach.port));
  }
  if (driverAddress.startsWith('tcp:') || driverAddress.startsWith('tls:')) return driverAddress.replace(/:\d+$/, ':0');
  return `${driverAddress.replace(/\.sock$/, '')}-b${executorId}.sock`;
}

function serveDriver(driver: Peer, pool: WorkerPool, executorId: string): void {
  driver.on(taskKill, ({ slot, taskId, stageKey, reason, graceMs }) => pool.kill(slot, taskId, stageKey, reason, graceMs));
  driver.serve(taskRecall, ({ slot, sent }) => ({ from: pool.recall(slot, sent) ?? sent }));
  driver.serve(executorThreads, async () => ({ threads: (await pool.threads()).map((t) => ({ ...t, stack: [...t.stack] })) }));
  driver.serve(executorProfile, async ({ forMs }) => ({ folded: await pool.profile(forMs) }));
  driver.on(executorStop, () => process.exit(EXECUTOR_EXIT.OK));
  driver.on(logLevelSet, ({ level }) => {
    logger.settings.level = level as LogLevel;
    pool.setLogLevel(level);
  });
  pool.onLost = ({ slot, code, params, runningTaskId }) => {
    driver.push(slotLost, {
      executorId: executorId as never,
      slot,
      code,
      params: JSON.stringify(params),
      ...(runningTaskId !== undefined && { runningTaskId }),
    });
  };
  pool.onSlowKill = (text) => logger.named('TaskReaper').warn(text);
  pool.onBroken = (detail) => die(EXECUTOR_EXIT.UNCAUGHT, `The worker threads can't be started: ${detail}`);
}

if (import.meta.main) {
  begin().catch((error: Error) =>
    die(error instanceof AppError ? EXECUTOR_EXIT.BAD_LAUNCH : EXECUTOR_EXIT.UNCAUGHT, `The executor could not start: ${error.stack}`),
  );
}
