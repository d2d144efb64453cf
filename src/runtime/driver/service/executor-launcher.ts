// Starts executors in granted containers, through the NodeManagers: one connection to each, opened at the first launch there. When and where is
// yarn-backend.ts. Source: Spark's ExecutorRunnable, YARN's NMClient.
import type { Logger } from '../../../common/ports.ts';
import { SPARK_KEYS } from '../../../common/spark-keys.ts';
import { connectPeer, untilReached } from '../../../rpc/connect.ts';
import type { RequestOf } from '../../../rpc/define-rpc.ts';
import { containerLaunch } from '../../../rpc/messages/driver.ts';
import type { ContainerToken, LocalResource } from '../../../rpc/messages/shapes.ts';
import type { Peer } from '../../../rpc/peer.ts';
import type { Transport } from '../../../rpc/transport.ts';
import type { ExecutorSize } from './executor-size.ts';
import type { SparkConf } from './spark-conf.ts';

export type LauncherOptions = {
  readonly transport: Transport;
  readonly log: Logger;
  readonly applicationId: string;
  readonly user: string;
  readonly appDir: string;
  /** Where executors find what came with --packages, if not where the driver does. */
  readonly packagesDir: string | undefined;
  readonly resources: readonly LocalResource[];
  readonly conf: SparkConf;
  readonly secret: string;
  readonly nmSecret: () => string;
  readonly driverAddress: string;
};
export type Launch = {
  readonly executorId: string;
  readonly profileId: number;
  readonly size: Omit<ExecutorSize, 'overheadMb'>;
  readonly token: ContainerToken;
  readonly nodeAddress: string;
  readonly host: string;
};

export class ExecutorLauncher {
  readonly #options: LauncherOptions;
  readonly #nodes = new Map<string, Promise<Peer>>();

  constructor(options: LauncherOptions) {
    this.#options = options;
  }

  /** @throws AppError TOKEN_REFUSED, LAUNCH_FAILED, or that the node can't be reached */
  async launch({ executorId, profileId, size, token, nodeAddress, host }: Launch): Promise<void> {
    const { log, user, resources, conf, appDir, packagesDir, secret, driverAddress, applicationId } = this.#options;
    log.info(
      `Launching container ${token.containerId} on host ${host} for executor with ID ${executorId} for ResourceProfile Id ${profileId}`,
    );
    const nodeOptions = conf.read(SPARK_KEYS.executorNodeOptions)!;
    const request: RequestOf<typeof containerLaunch> = {
      token,
      launch: {
        kind: 'executor',
        args: [],
        user,
        resources: [...resources],
        secretEnv: { EMBERLOOM_APP_SECRET: secret },
        env: {
          ...executorEnvironment(conf),
          EMBERLOOM_DRIVER_ADDRESS: driverAddress,
          EMBERLOOM_APPLICATION_ID: applicationId,
          EMBERLOOM_EXECUTOR_ID: executorId,
          EMBERLOOM_EXECUTOR_CORES: String(size.cores),
          EMBERLOOM_EXECUTOR_MEMORY_MB: String(size.memoryMb),
          EMBERLOOM_APP_DIR: appDir,
          ...(packagesDir !== undefined && { EMBERLOOM_PACKAGES_DIR: packagesDir }),
          EMBERLOOM_BLOCK_PORTS: `${conf.read(SPARK_KEYS.blockManagerPort)}+${conf.read(SPARK_KEYS.portMaxRetries)}`,
          ...(conf.read(SPARK_KEYS.shuffleServiceEnabled) && { EMBERLOOM_AUX_SERVICES: 'spark_shuffle' }),
          ...(nodeOptions !== '' && { EMBERLOOM_NODE_OPTIONS: nodeOptions }),
        },
      },
    };
    await untilReached(async () => (await this.#node(nodeAddress)).call(containerLaunch, request));
  }

  close(): void {
    const close = (peer: Peer) => peer.close();
    for (const [, node] of this.#nodes) node.then(close, () => {});
  }

  #node(address: string): Promise<Peer> {
    const known = this.#nodes.get(address);
    if (known !== undefined) return known;
    const { transport, applicationId, nmSecret } = this.#options;
    const connecting = connectPeer(transport, address, `the NodeManager at ${address}`, {
      id: `app:${applicationId}`,
      secret: nmSecret(),
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
