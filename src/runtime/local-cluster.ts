// local-cluster[n,cores,memoryMb]: a ResourceManager and n NodeManagers of this driver's own, in a temporary folder, with real executors.
// They end with the driver, however it ends. Source: Spark's LocalSparkCluster.
import { NetTransport } from '../platform/net-transport.ts';
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../common/errors.ts';
import { type GuardedDaemon, startGuarded } from '../platform/guarded-daemon.ts';
import type { Master } from './driver/service/master-url.ts';
import { makeTemporaryFolder, removeTemporaryFolder } from './temporary-folder.ts';
import type { ClusterPlace } from './yarn-application.ts';

export type LocalCluster = { readonly place: ClusterPlace; stop(): Promise<void> };

/** Spark's overhead for a container: 10 %, at least 384 MiB. */
export const overheadMb = (memoryMb: number): number => Math.max(384, Math.floor(memoryMb / 10));
const STOP_LIMIT_MS = 4_000;
const LOG_TAIL = 1_500;

/** @param distDir where resourcemanager.cjs and nodemanager.cjs are. @throws AppError LAUNCH_FAILED with the daemon's last words */
export async function startLocalCluster(master: Extract<Master, { kind: 'local-cluster' }>, distDir: string): Promise<LocalCluster> {
  const dataDir = makeTemporaryFolder(tmpdir());
  const daemons: GuardedDaemon[] = [];
  const conf = join(dataDir, 'emberloom.yaml');
  writeFileSync(
    conf,
    [
      `yarn.nodemanager.resource.memory-mb: ${master.memoryMb + overheadMb(master.memoryMb)}`,
      `yarn.nodemanager.resource.cpu-vcores: ${master.cores}`,
      'emberloom.executor.prestart: 0',
      // It ends with this driver: nothing of it is to be recovered.
      'emberloom.resourcemanager.state-store.reserve: 0',
      'emberloom.resourcemanager.state-store.backup-interval-ms: 0',
      'yarn.log-aggregation-enable: false',
      '',
    ].join('\n'),
  );
  const start = async (program: string, name: string) => {
    const log = join(dataDir, `${name}.log`);
    const daemon = startGuarded(
      [process.execPath, join(distDir, program), '--data', dataDir, '--name', name, '--conf', conf, '--no-http'],
      log,
      process.env,
    );
    daemons.push(daemon);
    const ready = await daemon.ready.catch((error: Error) => {
      throw new AppError(
        'LAUNCH_FAILED',
        { containerId: name, detail: `${error.message}\n${readFileSync(log, 'utf8').slice(-LOG_TAIL)}` },
        { cause: error },
      );
    });
    return ready.split(' ')[0]!; // the address; the url of its web server comes after it
  };
  const stop = async () => {
    const ended = Promise.all(daemons.map((daemon) => daemon.stop()));
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, STOP_LIMIT_MS).unref())]);
    removeTemporaryFolder(dataDir);
  };
  try {
    const rmAddress = await start('resourcemanager.cjs', 'rm');
    await Promise.all(Array.from({ length: master.executors }, (_, i) => start('nodemanager.cjs', `n${i + 1}`)));
    return { place: { dataDir, runDir: join(dataDir, 'run'), rmAddress, transport: new NetTransport() }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
