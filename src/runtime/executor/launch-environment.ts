// What an executor process is told at its start: by its environment and token file, or, when it was started ahead (--prestarted), by one
// JSON line on fd 3 with the same names. Source of the names: YARN's ApplicationConstants.Environment; ours begin with EMBERLOOM_.
import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { resolve } from 'node:path';
import { SPARK_KEYS } from '../../common/spark-keys.ts';

/** address: of this host; bindHost: interface to listen on, default: that one; runDir: where sockets are; port, retries: spark.blockManager.port. */
export type Reach = {
  readonly address: string;
  readonly bindHost: string | undefined;
  readonly runDir: string;
  readonly port: number;
  readonly portRetries: number;
};
export type ExecutorLaunch = {
  readonly driverAddress: string;
  readonly applicationId: string;
  readonly executorId: string;
  readonly cores: number;
  readonly memoryMb: number;
  readonly appDir: string;
  /** Of --packages, where that is not where the driver has them. */
  readonly packagesDir: string | undefined;
  readonly secret: string;
  readonly containerId: string;
  readonly nodeId: string;
  readonly host: string;
  readonly localDirs: readonly string[];
  readonly workDir: string;
  /** Address of the NodeManager's shuffle service, when the application wants it. */
  readonly shuffleService: string | undefined;
  /** Where other hosts reach this one; undefined: there are none. */
  readonly reach: Reach | undefined;
};
/** The application's settings with what this executor has: local-cluster[n,c,m] and resource profiles give sizes of their own. */
export function ownSettings(
  conf: readonly (readonly [string, string])[],
  { memoryMb, cores, packagesDir }: ExecutorLaunch,
): Map<string, string> {
  const packages: [string, string][] = packagesDir ? [[SPARK_KEYS.packagesDir.name, packagesDir]] : [];
  return new Map([...conf, ...packages, [SPARK_KEYS.executorMemory.name, `${memoryMb}m`], [SPARK_KEYS.executorCores.name, String(cores)]]);
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws Error naming the variable that is missing */
export function executorLaunch(env: Environment, secrets: Environment, workDir: string): ExecutorLaunch {
  const need = (name: string, from: Environment = env): string => {
    const value = from[name];
    if (value === undefined || value === '') throw new Error(`${name} is not set: an executor is started by a NodeManager`);
    return value;
  };
  const whole = (name: string): number => {
    const value = Number(need(name));
    if (!Number.isInteger(value) || value < 1) throw new Error(`${name} is ${JSON.stringify(env[name])}; expected a whole number from 1`);
    return value;
  };
  return {
    driverAddress: need('EMBERLOOM_DRIVER_ADDRESS'),
    applicationId: need('EMBERLOOM_APPLICATION_ID'),
    executorId: need('EMBERLOOM_EXECUTOR_ID'),
    cores: whole('EMBERLOOM_EXECUTOR_CORES'),
    memoryMb: whole('EMBERLOOM_EXECUTOR_MEMORY_MB'),
    appDir: resolve(workDir, env['EMBERLOOM_APP_DIR'] || '.'),
    packagesDir: env['EMBERLOOM_PACKAGES_DIR'] && resolve(workDir, env['EMBERLOOM_PACKAGES_DIR']),
    secret: need('EMBERLOOM_APP_SECRET', secrets),
    containerId: need('CONTAINER_ID'),
    nodeId: env['NM_NODE_ID'] ?? '',
    host: need('NM_HOST'),
    localDirs: need('LOCAL_DIRS')
      .split(',')
      .filter((dir) => dir !== ''),
    workDir,
    shuffleService: env['EMBERLOOM_SHUFFLE_SERVICE'] || undefined,
    reach: reachOf(env),
  };
}

function reachOf(env: Environment): Reach | undefined {
  const { EMBERLOOM_NODE_ADDRESS: address, EMBERLOOM_RUN_DIR: runDir, EMBERLOOM_BIND_HOST: bindHost } = env;
  if (address === undefined || runDir === undefined) return undefined;
  const [port, portRetries] = (env['EMBERLOOM_BLOCK_PORTS'] ?? '0+0').split('+').map(Number);
  return { address, runDir, bindHost, port: port!, portRetries: portRetries! };
}

/** The secrets of a process that was started for one container. */
export function tokenFile(env: Environment): Environment {
  const path = env['EMBERLOOM_CONTAINER_TOKENS'];
  return path === undefined ? {} : (JSON.parse(readFileSync(path, 'utf8')) as Environment);
}

/** As if this process, or this thread, had been started with it: nothing of what it had stays. */
export function replaceEnvironment(env: Environment): void {
  for (const name of Object.keys(process.env)) if (env[name] === undefined) delete process.env[name];
  for (const [name, value] of Object.entries(env)) if (value !== undefined) process.env[name] = value;
}

export type Claim = { readonly env: Record<string, string>; readonly secrets: Record<string, string>; readonly cwd: string };

/** Waits on fd 3 for the one claim of a prestarted executor. @returns undefined when the NodeManager has gone without one */
export function awaitClaim(): Promise<Claim | undefined> {
  const socket = new Socket({ fd: 3, readable: true, writable: true });
  return new Promise((resolve) => {
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      text += chunk;
      const end = text.indexOf('\n');
      if (end < 0) return;
      socket.removeAllListeners();
      socket.on('error', () => {}); // the NodeManager may restart; a claimed executor does not mind
      socket.unref();
      resolve(JSON.parse(text.slice(0, end)) as Claim);
    });
    const gone = () => resolve(undefined);
    socket.on('end', gone);
    socket.on('close', gone);
    socket.on('error', gone);
  });
}
