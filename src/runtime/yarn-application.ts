// A driver's way to the cluster that EMBERLOOM_DATA names: where its ResourceManager is, the connection, and the backend over it.
// Chosen by entry.ts (client mode) and driver/cluster-main.ts (cluster mode); the backend itself is driver/service/yarn-backend.ts.
import { statSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { eitherAddress, tlsAddress } from '../common/address.ts';
import { AppError } from '../common/errors.ts';
import { farRmOf } from '../common/rm-addresses.ts';
import type { ApplicationId } from '../common/ids.ts';
import { SPARK_KEYS } from '../common/spark-keys.ts';
import type { SubmitConfig } from '../common/submit-config.ts';
import { ownRunDir } from '../platform/own-run-dir.ts';
import { removeDeadSockets } from '../platform/dead-sockets.ts';
import type { Log4jLogger } from '../platform/log4j-logger.ts';
import { clientIdentity } from '../platform/client-identity.ts';
import { asUnreachable, findCluster } from '../platform/find-cluster.ts';
import { NetTransport } from '../platform/net-transport.ts';
import { makeDataDir } from '../platform/cluster-secret.ts';
import { ownAddressToward } from '../platform/own-address.ts';
import { systemTimers, unrefTimers } from '../platform/system-clock.ts';
import { connectPeer, untilReached } from '../rpc/connect.ts';
import { applicationNew } from '../rpc/messages/client.ts';
import type { ListenOptions } from '../rpc/listen-from.ts';
import type { LocalResource } from '../rpc/messages/shapes.ts';
import type { Peer } from '../rpc/peer.ts';
import type { Transport } from '../rpc/transport.ts';
import { dynamicSettings } from './driver/service/allocation-conf.ts';
import { defaultSize } from './driver/service/executor-size.ts';
import type { SparkConf } from './driver/service/spark-conf.ts';
import { type Admission, YarnBackend, type YarnOptions } from './driver/service/yarn-backend.ts';

export type ClusterPlace = {
  readonly dataDir: string;
  /** Where sockets are, 0700. */
  readonly runDir: string;
  readonly rmAddress: string;
  readonly transport: Transport;
  /** As the NodeManager calls this host; default: the machine's name. */
  readonly host?: string | undefined;
  /** By which other hosts reach this one; undefined: there are none. */
  readonly ownAddress?: string | undefined;
};

export async function clusterPlace(config: SubmitConfig, env: NodeJS.ProcessEnv): Promise<ClusterPlace> {
  const confDir = env['EMBERLOOM_CONF_DIR'] || env['SPARK_CONF_DIR'] || join(config.home, 'conf');
  const said = config.conf.find(([key]) => key === 'spark.hadoop.yarn.resourcemanager.address')?.[1];
  const { dataDir, address, tls } = await findCluster(confDir, env, said);
  const far = farRmOf(address);
  const { runDir, socketMode } = ownRunDir(join(dataDir, 'run'));
  if (far?.kind !== 'tls') return { dataDir, runDir, rmAddress: address, transport: new NetTransport({ socketMode }) };
  makeDataDir(dataDir); // a host that only submits has no daemon that would have made it
  const ownAddress = await ownAddressToward(far.host).catch((error: unknown) => Promise.reject(asUnreachable(error, address)));
  return { dataDir, runDir, rmAddress: address, transport: new NetTransport({ tls, socketMode }), ownAddress };
}

/** Client mode: a connection as this user, how to make it again, and an application id. @throws AppError RM_UNREACHABLE, AUTH_REFUSED */
export async function reserveApplication(
  { dataDir, rmAddress, transport }: ClusterPlace,
  user: string,
): Promise<{ rm: Peer; reconnect: () => Promise<Peer>; applicationId: ApplicationId }> {
  const identity = clientIdentity(join(dataDir, 'secret'), rmAddress, user);
  const open = async (): Promise<Peer> => {
    const rm = await connectPeer(transport, rmAddress, 'the ResourceManager', identity);
    if ('unref' in rm.channel.stream) (rm.channel.stream as { unref(): void }).unref();
    return rm;
  };
  const inItsWords = <T>(made: Promise<T>): Promise<T> =>
    made.catch((error: unknown) => {
      throw asUnreachable(error, rmAddress);
    });
  const reserve = async () => {
    const rm = await open();
    return { rm, applicationId: (await rm.call(applicationNew, {})).applicationId };
  };
  const { rm, applicationId } = await inItsWords(untilReached(reserve, { restarts: 'onceSeen' }));
  return { rm, reconnect: () => inItsWords(open()), applicationId };
}

export type BackendOptions = {
  readonly config: SubmitConfig;
  readonly conf: SparkConf;
  readonly place: ClusterPlace;
  readonly admission: Admission;
  readonly logger: Log4jLogger;
  /** local-cluster[n,c,m]. */
  readonly executors?: YarnOptions['executors'];
  readonly cleanUp?: () => Promise<void>;
};

/** @returns the backend, and where the driver listens: beside the daemons' sockets, and for other hosts */
export function yarnBackend({ config, conf, place, admission, logger, executors, cleanUp }: BackendOptions): {
  manager: YarnBackend;
  listenAddress: string;
  listenOptions: ListenOptions;
} {
  const dynamic = dynamicSettings(conf);
  const manager = new YarnBackend({
    transport: place.transport,
    timers: unrefTimers,
    waits: systemTimers,
    log: logger,
    rmAddress: place.rmAddress,
    user: config.user,
    host: place.host ?? hostname(),
    appDir: config.shipped?.appDir ?? config.appDir,
    packagesDir: config.shipped?.packagesDir,
    admission,
    conf,
    executors: {
      ...(executors ?? { count: conf.read(SPARK_KEYS.executorInstances)!, ...defaultSize(conf) }),
      ...(dynamic && { count: dynamic.initialExecutors }),
    },
    resources: config.shipped?.files.map((file) => ({ ...file, stagedFor: admission.applicationId })) ?? [
      ...config.files.map((path) => localResource(path, 'file')),
      ...config.archives.map((path) => localResource(path, 'archive')),
    ],
    ...(cleanUp && { cleanUp }),
  });
  void removeDeadSockets(place.runDir, Date.now()); // what drivers that were killed with SIGKILL have left
  const short = admission.applicationId.replace(/^application_/, '').replace('_', '-');
  const near = `unix:${join(place.runDir, `d-${short}-${process.pid}.sock`)}`;
  if (place.ownAddress === undefined) return { manager, listenAddress: near, listenOptions: {} };
  const host = conf.read(SPARK_KEYS.driverHost) ?? place.ownAddress;
  return {
    manager,
    listenAddress: eitherAddress(place.host ?? hostname(), near, tlsAddress(host, conf.read(SPARK_KEYS.driverPort)!)),
    listenOptions: { bindHost: conf.read(SPARK_KEYS.driverBindAddress), portRetries: conf.read(SPARK_KEYS.portMaxRetries)! },
  };
}

/** `path#name`. @throws AppError FILE_MISSING */
function localResource(entry: string, kind: 'file' | 'archive'): LocalResource {
  const at = entry.lastIndexOf('#');
  const path = at < 0 ? entry : entry.slice(0, at);
  const name = at < 0 ? basename(path) : entry.slice(at + 1);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new AppError('FILE_MISSING', { what: kind === 'file' ? 'The file' : 'The archive', path });
  return { name, kind, path, sizeBytes: stat.size };
}
