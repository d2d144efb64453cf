// A cluster for the chaos runner in a folder of its own: NodeManagers with host names of their own where the system allows it (a UTS namespace
// each), a network whose links can be broken (network.ts), one local disk that is small. Started and ended by bin/.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Network } from './network.ts';
import { type Found, type Kind, processesBelow, signal } from './processes.ts';

export const HOME = join(import.meta.dirname, '../..');
const REGISTERED_WITHIN_MS = 20_000;

export type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string; readonly elapsedMs: number };
const SMALL_DISK_MB = 48;

export class Cluster {
  readonly folder: string;
  readonly nodes: readonly string[];
  readonly network: Network;
  /** A tmpfs under one node's local dirs; undefined where mounting is not permitted. */
  readonly smallDisk: string | undefined;
  readonly #namespaces: boolean;

  private constructor(folder: string, nodes: readonly string[], network: Network, smallDisk: string | undefined) {
    this.folder = folder;
    this.nodes = nodes;
    this.network = network;
    this.smallDisk = smallDisk;
    this.#namespaces = spawnSync('unshare', ['--uts', 'true']).status === 0;
  }

  static async start(nodeCount: number): Promise<Cluster> {
    const folder = mkdtempSync('/tmp/el.chaos');
    for (const name of ['data', 'conf-rm', 'conf', 'tmp', 'disk']) mkdirSync(join(folder, name), { mode: 0o700 });
    const mounted =
      spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SMALL_DISK_MB}m,mode=700`, 'tmpfs', join(folder, 'disk')]).status === 0;
    const network = await Network.open(join(folder, 'data/run'));
    const nodes = Array.from({ length: nodeCount }, (_, i) => `n${i + 1}`);
    const cluster = new Cluster(folder, nodes, network, mounted ? join(folder, 'disk') : undefined);
    for (const name of ['conf-rm', 'conf', ...nodes.map((n) => `conf-${n}`)]) cluster.#writeConf(name);
    await cluster.startDaemon('resourcemanager');
    for (const node of nodes) await cluster.startDaemon('nodemanager', node);
    return cluster;
  }

  #writeConf(name: string): void {
    const conf = join(this.folder, name);
    mkdirSync(conf, { recursive: true });
    cpSync(join(HOME, 'conf/capacity-scheduler.yaml'), join(conf, 'capacity-scheduler.yaml'));
    const settings: Record<string, string | number> = {
      'yarn.nodemanager.resource.memory-mb': 8192,
      'yarn.nodemanager.resource.cpu-vcores': 8,
      'yarn.nm.liveness-monitor.expiry-interval-ms': 6000,
      'yarn.am.liveness-monitor.expiry-interval-ms': 10_000,
      'yarn.am.liveness-monitor.silence-interval-ms': 15_000,
      'yarn.resourcemanager.am.max-attempts': 4,
      'emberloom.executor.prestart': 1,
      'yarn.resourcemanager.webapp.address': 'localhost:0',
      'yarn.nodemanager.webapp.address': 'localhost:0',
      'yarn.nodemanager.container-executor.class': 'DefaultContainerExecutor',
      'yarn.resourcemanager.address': `tcp:127.0.0.1:${this.#portFor(name)}`,
    };
    if (name === `conf-${this.nodes.at(-1)}` && this.smallDisk !== undefined) settings['yarn.nodemanager.local-dirs'] = this.smallDisk;
    const lines = Object.entries(settings).map(([key, value]) => `${key}: ${value}\n`);
    writeFileSync(join(conf, 'emberloom.yaml'), lines.join(''));
  }

  #portFor(conf: string): number {
    const { innerPort, ports } = this.network;
    if (conf === 'conf-rm') return innerPort;
    return conf === 'conf' ? ports.ofDrivers : ports.ofNodes;
  }

  environment(conf: string): NodeJS.ProcessEnv {
    const { NODE_OPTIONS: _, ...outer } = process.env;
    const own = {
      EMBERLOOM_DATA: join(this.folder, 'data'),
      EMBERLOOM_CONF_DIR: join(this.folder, conf),
      TMPDIR: join(this.folder, 'tmp'),
    };
    return { ...outer, ...own, EMBERLOOM_SKIP_SETUP: '1' };
  }

  /** @throws Error with what the start script said */
  async startDaemon(kind: 'resourcemanager' | 'nodemanager', node?: string): Promise<void> {
    this.network.sweep();
    const script = [join(HOME, `bin/start-${kind}.sh`), ...(node === undefined ? [] : [node])];
    const argv =
      node !== undefined && this.#namespaces
        ? ['unshare', '--uts', 'sh', '-c', `hostname ${node}-host && exec "$@"`, 'sh', ...script]
        : script;
    const ended = await this.run(argv, 60_000, `${node === undefined ? 'conf-rm' : `conf-${node}`}`);
    // 137: another strike has killed it while it started, and starts it again.
    if (ended.code !== 0 && !/is running as process|\(exit code 137\)/.test(ended.stderr + ended.stdout))
      throw new Error(`${argv.join(' ')}: ${ended.stdout}${ended.stderr}`);
  }

  /** Daemons that are missing are started again. */
  async heal(): Promise<void> {
    this.network.mend();
    for (const { pid } of this.processes()) signal(pid, 'SIGCONT');
    if (this.smallDisk !== undefined) rmSync(join(this.smallDisk, 'filler'), { force: true });
    if (this.daemon('resourcemanager') === undefined) await this.startDaemon('resourcemanager');
    for (const node of this.nodes) if (this.daemon('nodemanager', node) === undefined) await this.startDaemon('nodemanager', node);
  }

  /** The ResourceManager has heard of every NodeManager again. @throws Error when that takes longer than a node's expiry */
  async allNodesRegistered(): Promise<void> {
    const until = performance.now() + REGISTERED_WITHIN_MS;
    for (let listed = ''; performance.now() < until; ) {
      listed = (await this.run([join(HOME, 'bin/yarn'), 'node', '-list'], 30_000)).stdout;
      if (this.nodes.every((node) => new RegExp(`:${node}\\b.*\\bRUNNING\\b`).test(listed))) return;
    }
    throw new Error(`not all of ${this.nodes.join(', ')} are registered after ${REGISTERED_WITHIN_MS} ms`);
  }

  processes(kind?: Kind): Found[] {
    return processesBelow(this.folder).filter((p) => kind === undefined || p.kind === kind);
  }

  daemon(kind: Kind, node?: string): Found | undefined {
    return this.processes(kind).find((p) => node === undefined || p.arguments.includes(`--name ${node} `));
  }

  /** Runs a command below the cluster; after limitMs it is killed, with exit code -1. onPid hears its pid. */
  async run(argv: readonly string[], limitMs: number, conf = 'conf', onPid?: (pid: number) => void): Promise<Ended> {
    const begun = performance.now();
    const child = spawn(argv[0]!, argv.slice(1), {
      env: this.environment(conf),
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    onPid?.(child.pid!);
    const said = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk));
    child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk));
    const timer = setTimeout(() => signal(-child.pid!, 'SIGKILL'), limitMs);
    const code = await new Promise<number>((resolve) =>
      child.once('exit', (exit, by) => resolve(exit ?? (by === 'SIGKILL' && performance.now() - begun > limitMs ? -1 : 137))),
    );
    clearTimeout(timer);
    // A daemon that the command started may hold its pipes for ever.
    await Promise.race([pause(200), new Promise((resolve) => child.once('close', resolve))]);
    return { code, ...said, elapsedMs: performance.now() - begun };
  }

  async end(keep: boolean): Promise<void> {
    this.network.close();
    await this.run([join(HOME, 'bin/stop-all.sh')], 60_000, 'conf-rm');
    for (const { pid } of this.processes()) signal(pid, 'SIGKILL');
    if (this.smallDisk !== undefined) spawnSync('umount', ['-l', this.smallDisk]);
    if (!keep && existsSync(this.folder)) rmSync(this.folder, { recursive: true, force: true });
  }
}
