// Where this user's cluster is: its folder, its settings, its ResourceManager's address, its secret. For everything that begins a
// connection as a user: commands, and drivers in client mode. Daemons are told by their arguments.
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { asAddress } from '../common/cluster-addresses.ts';
import { AppError } from '../common/errors.ts';
import { ADDRESS_SEPARATOR, rmAddressesOf } from '../common/rm-addresses.ts';
import { Settings, type Setting } from '../common/settings.ts';
import { readConfFile } from './conf-file.ts';
import type { TlsIdentity } from './net-transport.ts';
import { tlsOf } from './tls-identity.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where this user's cluster is: settings from conf/emberloom.yaml, its folder, the RM's address. */
export type Cluster = {
  readonly settings: Settings;
  readonly dataDir: string;
  readonly address: string;
  readonly secretFile: string;
  readonly tls?: TlsIdentity | undefined;
};

/** EMBERLOOM_DATA, default `~/.local/state/emberloom`. Absolute, because nodes and containers read these paths from other working folders. */
export const dataDirOf = (env: Environment): string => resolve(env['EMBERLOOM_DATA'] || join(homedir(), '.local', 'state', 'emberloom'));

/**
 * conf/emberloom.yaml is looked for in EMBERLOOM_CONF_DIR or SPARK_CONF_DIR or the package's conf/, and over it in HADOOP_CONF_DIR or
 * YARN_CONF_DIR when one of them is set: Spark needs them to find YARN, Emberloom only lets them say more.
 * @param address over all settings: --conf spark.hadoop.yarn.resourcemanager.address
 * @throws AppError CONFIG_BAD_FILE, CONFIG_UNKNOWN_KEY, CONFIG_BAD_VALUE, TLS_UNUSABLE
 */
export async function findCluster(confDir: string, env: Environment, address?: string): Promise<Cluster> {
  const folders = [confDir, env['HADOOP_CONF_DIR'] || env['YARN_CONF_DIR']].filter((folder) => folder !== undefined && folder !== '');
  const entries: Setting[] = (await Promise.all(folders.map((folder) => readConfFile(join(folder!, 'emberloom.yaml'))))).flat();
  const settings = new Settings(entries);
  const dataDir = dataDirOf(env);
  return {
    settings,
    dataDir,
    address:
      address === undefined ? rmAddressesOf(settings, dataDir) : address.split(ADDRESS_SEPARATOR).map(asAddress).join(ADDRESS_SEPARATOR),
    secretFile: join(dataDir, 'secret'),
    tls: tlsOf(settings),
  };
}

/** CONNECT_FAILED of a connection to the ResourceManager, in the words of who wanted it; other errors as they are. */
export function asUnreachable(error: unknown, address: string): unknown {
  if (!(error instanceof AppError) || error.code !== 'CONNECT_FAILED') return error;
  const { detail } = error.params as { detail: string };
  const said = detail === 'ENOENT' ? 'its socket is not there' : detail === 'ECONNREFUSED' ? 'the connection was refused' : detail;
  return new AppError('RM_UNREACHABLE', { address, detail: said }, { cause: error });
}
