// Where a worker thread begins: one task slot with its own proved connection to the driver. Puts the parts together; running tasks is
// slot-runner.ts, what a stage computes is compile-stage.ts. Started by worker-pool.ts, which may be in an executor or in a local driver.
import { getHeapStatistics } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { useDirectStdio } from './worker-stdio.ts';
useDirectStdio();
import { type Key, settingOf } from '../../common/key.ts';
import type { LogLevel } from '../../common/ports.ts';
import { SPARK_KEYS } from '../../common/spark-keys.ts';
import { duckdbKernels } from '../../platform/duckdb.ts';
import { Log4jLogger } from '../../platform/log4j-logger.ts';
import { NetTransport } from '../../platform/net-transport.ts';
import { tlsFromEnvironment } from '../../platform/tls-identity.ts';
import { connectChannel, untilReached } from '../../rpc/connect.ts';
import { Peer } from '../../rpc/peer.ts';
import { recordCodecsFrom } from '../rdd/record-classes.ts';
import { setSparkFilesRoot } from '../rdd/spark-files.ts';
import { barrierClient } from './barrier-client.ts';
import { loadSqlFunctions } from '../load-sql.ts';
import { joinBroadcast } from '../storage/broadcast-pieces.ts';
import { BlockPortClient } from '../storage/block-port.ts';
import { HeapGuard } from '../storage/heap-guard.ts';
import { MemoryPool, poolSizes } from '../storage/memory-pool.ts';
import { PartitionStore } from '../storage/partition-store.ts';
import { compileStage } from './compile-stage.ts';
import { forgetBroadcast } from './worker-broadcasts.ts';
import { partitionToDisk } from './compute/stored-rows.ts';
import { SqlThread } from './compute/sql-thread.ts';
import { handOnObjects } from './compute/hand-on.ts';
import { ENGINE } from './engine-exports.ts';
import { replaceEnvironment } from './launch-environment.ts';
import { locateOver } from './moved-outputs.ts';
import { RemoteBlocks, retrySettings } from './remote-blocks.ts';
import { placeAddedFile } from './worker-files.ts';
import { resultKeeper } from './result-keeper.ts';
import { removeMapOutput } from './shuffle-removal.ts';
import { SlotRunner } from './slot-runner.ts';
import { POOL_KB, STORAGE_KB, isToStop, publishProgress } from './worker-flags.ts';
import type { FromWorker, MapOutputNews, ToWorker, WorkerData } from './worker-settings.ts';

const { flags } = workerData as WorkerData;
const tell = (message: FromWorker) => parentPort!.postMessage(message);
const logger = new Log4jLogger(process.stderr, 'Executor');

parentPort!.on('message', (message: ToWorker) => {
  if (message.t === 'logLevel') logger.settings.level = message.level as LogLevel;
  else if (message.t === 'handOn') void handOn().then((moved) => tell({ t: 'handedOn', ...moved }));
  else {
    connect(message).then(
      () => tell({ t: 'connected' }),
      (error: Error) => {
        tell({ t: 'failed', detail: error.message });
        process.exit(1);
      },
    );
  }
});
tell({ t: 'up' });

/** Known once this thread belongs to an application. */
let handOn = async (): Promise<{ blocks: number; left: number }> => ({ blocks: 0, left: 0 });

async function connect({ settings, slot, blocks: port }: Extract<ToWorker, { t: 'connect' }>): Promise<void> {
  const { driverAddress, executorId, secret } = settings;
  if (settings.env !== undefined) replaceEnvironment(settings.env);
  const conf = new Map(settings.conf);
  logger.configure(settings.applicationId, settings.logLevel, conf);
  const transport = new NetTransport({ tls: tlsFromEnvironment(settings.env ?? process.env), host: settings.host });
  const me = { id: `slot:${executorId}/${slot}`, secret };
  const channel = await untilReached(() => connectChannel(transport, driverAddress, 'the driver', me));
  const peer = new Peer(channel, 'the driver');
  const blocks = new PartitionStore(new MemoryPool(slotPoolSizes(conf)), new HeapGuard());
  const compressed = settingOf(conf, SPARK_KEYS.rddCompress);
  const isOn = (...keys: Key<'bool'>[]) => keys.every((key) => (conf.get(key.name) ?? key.fallback)?.toLowerCase() === 'true');
  const handsOn = isOn(SPARK_KEYS.decommission, SPARK_KEYS.storageDecommission, SPARK_KEYS.decommissionRddBlocks);
  const shared = new BlockPortClient(port);
  const stored = { shared, dirs: settings.blockDirs, compressed, handsOn, log: logger.named('BlockManager') };
  blocks.writeToDisk = partitionToDisk(stored);
  handOn = () => handOnObjects(blocks, stored);
  const remote = new RemoteBlocks(transport, { id: `block:${settings.applicationId}/${executorId}`, secret }, retrySettings(conf));
  setSparkFilesRoot(settings.workDir);
  const mostResultBytes = settingOf(conf, SPARK_KEYS.maxResultSize);
  const sql = new SqlThread({
    kernels: duckdbKernels,
    functions: loadSqlFunctions,
    dirs: settings.shuffleDirs,
    mostResultBytes,
    extensionsDirectory: conf.get(SPARK_KEYS.sqlExtensionsDirectory.name),
    ...sqlShare(conf),
  });
  const env = {
    sql,
    executorId,
    host: settings.host,
    slot,
    shuffleDirs: [...settings.shuffleDirs],
    appDir: settings.appDir,
    conf,
    blocks,
    stored,
    log: logger,
    engine: { emberloom: ENGINE },
    interrupted: () => isToStop(flags),
    progress: (taskId: number, recordsRead: number) => publishProgress(flags, taskId, recordsRead),
    broadcast: async (id: number) => joinBroadcast(await shared.broadcast(id)),
    joinBarrier: barrierClient(peer),
    locate: locateOver(peer),
    remote,
    ...(settings.pushes && { onMapOutput: (output: MapOutputNews) => tell({ t: 'mapOutput', ...output }) }),
  };
  Atomics.store(flags, POOL_KB, Math.floor(blocks.pool.maxBytes / 1024));
  const publish = () => void Atomics.store(flags, STORAGE_KB, Math.floor(blocks.pool.storageBytes / 1024));
  const results = resultKeeper(conf, (taskId, parts) => shared.keepResult(taskId, parts));
  const measures = isOn(SPARK_KEYS.taskMetrics);
  const runner = new SlotRunner(channel, flags, (install) => compileStage(install, env), publish, undefined, measures, results);
  const forget = (id: number) => {
    forgetBroadcast(id);
    void sql.forget(id);
  };
  const answerCalls = channel.onControl;
  channel.onControl = (message) => {
    const m = message as { t?: string; key?: number; stage?: Uint8Array; rddId?: number; id?: number; file?: string } | null;
    if (m?.t === 'install') runner.install(m.key!, m.stage!);
    else if (m?.t === 'drop') runner.drop(m.key!);
    else if (m?.t === 'file') placeAddedFile(message as { name: string; path: string }, settings.workDir, logger);
    else if (m?.t === 'unpersist') blocks.drop(m.rddId!);
    else if (m?.t === 'discard') void removeMapOutput(settings.shuffleDirs, m.file!);
    else if (m?.t === 'forget') forget(m.id!);
    else answerCalls(message);
  };
  // The driver is gone, or gave this slot up: nothing that this thread holds is of use to anybody.
  peer.onClose = () => process.exit(0);
}

recordCodecsFrom(() => loadSqlFunctions().VALUE_CODECS);

/** Of an executor's memory this much is the SQL kernels'; the rest is Node's own and slack of their allocator. */
const SQL_SHARE = 0.6;

/** What one thread's kernel may use. Local masters enforce no memory. */
function sqlShare(conf: ReadonlyMap<string, string>): { memoryLimitMb: number | undefined; cores: number } {
  if (/^local(\[|$)/.test(conf.get('spark.master') ?? 'local')) return { memoryLimitMb: undefined, cores: 1 };
  const cores = settingOf(conf, SPARK_KEYS.executorCores) ?? 1;
  return { memoryLimitMb: Math.floor((settingOf(conf, SPARK_KEYS.executorMemory)! * SQL_SHARE) / cores), cores };
}

const slotPoolSizes = (conf: ReadonlyMap<string, string>) => {
  const ratio = (key: typeof SPARK_KEYS.memoryFraction) => settingOf(conf, key);
  return poolSizes(getHeapStatistics().heap_size_limit, ratio(SPARK_KEYS.memoryFraction), ratio(SPARK_KEYS.memoryStorageFraction));
};
