// Looks at the running containers at a fixed pace: memory of the whole tree against the limit, and the end of those that are not
// our children (adopted after a restart). One read of /proc serves all. Source: YARN's ContainersMonitorImpl.
import type { ContainerId } from '../../common/ids.ts';
import type { Clock, Timers } from '../../common/ports.ts';
import type { Resource } from '../../common/resource.ts';
import type { ProcessRef } from '../core/container-machine.ts';
import { EXIT, memoryDiagnostics } from '../core/exit-status.ts';
import { DUMP_HEAD, dumpLine, isSame, type ProcessInfo, treeOf } from '../core/process-tree.ts';
import { allProcesses, commandLineOf, containerOf, programOf, rssBytes } from './process-table.ts';

const MB = 1024 * 1024;
const TICKS_PER_SECOND = 100;

type Watched = { readonly root: ProcessRef; readonly limitBytes: number; readonly adopted: boolean; rssBytes: number | undefined };
/** What all containers use: of the last look, cores between the last two. */
export type ContainersUsage = { readonly memoryBytes: number; readonly virtualBytes: number; readonly cores: number };
type Usage = {
  readonly memoryBytes: number;
  readonly virtualBytes: number;
  readonly ticks: number;
  readonly atMs: number;
  readonly cores: number;
};
type Origin = { readonly startTicks: number; readonly container: string | undefined };
export type MonitorPorts = {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly onOverLimit: (id: ContainerId, exitStatus: number, diagnostics: string) => void;
  /** Only for adopted containers: children of ours report their end themselves. */
  readonly onGone: (id: ContainerId) => void;
};
export type MonitorOptions = { readonly intervalMs: number; readonly checkMemory: boolean };

export class ContainerMonitor {
  readonly #ports: MonitorPorts;
  readonly #options: MonitorOptions;
  readonly #watched = new Map<ContainerId, Watched>();
  /** By pid; read once in the life of a process. */
  #origins = new Map<number, Origin>();
  readonly #usage = new Map<ContainerId, Usage>();
  #cancel: (() => void) | undefined;

  constructor(ports: MonitorPorts, options: MonitorOptions) {
    this.#ports = ports;
    this.#options = options;
  }

  watch(id: ContainerId, root: ProcessRef, resource: Resource, adopted: boolean): void {
    this.#watched.set(id, { root, limitBytes: resource.memoryMb * MB, adopted, rssBytes: undefined });
    this.#cancel ??= this.#ports.timers.every(this.#options.intervalMs, () => this.look());
  }

  forget(id: ContainerId): void {
    this.#watched.delete(id);
    this.#usage.delete(id);
    if (this.#watched.size > 0) return;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** Of the last look; undefined: there was none. */
  rssBytes(id: ContainerId): number | undefined {
    return this.#watched.get(id)?.rssBytes;
  }

  usage(): ContainersUsage {
    const all = [...this.#usage.values()];
    const sum = (of: (u: Usage) => number) => all.reduce((total, u) => total + of(u), 0);
    return { memoryBytes: sum((u) => u.memoryBytes), virtualBytes: sum((u) => u.virtualBytes), cores: sum((u) => u.cores) };
  }

  /** One look at everything; also called when an adopted container was told to end, so that its end is seen soon. */
  look(): void {
    if (this.#watched.size === 0) return;
    const all = allProcesses();
    const byPid = new Map(all.map((p) => [p.pid, p]));
    const strays = this.#options.checkMemory ? this.#strays(all) : undefined;
    for (const [id, watched] of [...this.#watched]) {
      if (watched.adopted && !isSame(byPid.get(watched.root.pid), watched.root)) this.#ports.onGone(id);
      else if (strays !== undefined) this.#meter(id, watched, all, strays.get(id));
    }
  }

  /** Processes by the container that they name in their environment: those that made themselves daemons count too. */
  #strays(all: readonly ProcessInfo[]): Map<string, Set<number>> {
    const origins = new Map<number, Origin>();
    const found = new Map<string, Set<number>>();
    for (const { pid, startTicks } of all) {
      const known = this.#origins.get(pid);
      const origin =
        known?.startTicks === startTicks ? known : { startTicks, container: pid === process.pid ? undefined : containerOf(pid) };
      origins.set(pid, origin);
      if (origin.container === undefined) continue;
      const pids = found.get(origin.container) ?? new Set();
      found.set(origin.container, pids.add(pid));
    }
    this.#origins = origins;
    return found;
  }

  #meter(id: ContainerId, watched: Watched, all: readonly ProcessInfo[], strays: ReadonlySet<number> | undefined): void {
    const { root, limitBytes } = watched;
    const tree = treeOf(all, root, strays);
    const used = tree.reduce((sum, p) => sum + rssBytes(p), 0);
    watched.rssBytes = used;
    this.#note(id, tree, used);
    if (used <= limitBytes) return;
    const dump = DUMP_HEAD + tree.map((p) => dumpLine(p, commandLineOf(p.pid))).join('');
    const vmBytes = tree.reduce((sum, p) => sum + p.vmBytes, 0);
    const [largest] = [...tree]
      .sort((a, b) => b.rssPages - a.rssPages)
      .map((p) => ({ pid: p.pid, command: programOf(p), rssBytes: rssBytes(p) }));
    const use = { pid: root.pid, rssBytes: used, vmBytes, limitBytes, tree: dump, largest };
    this.#ports.onOverLimit(id, EXIT.KILLED_EXCEEDED_PMEM, memoryDiagnostics(id, use, this.#ports.clock.nowMs()));
  }

  #note(id: ContainerId, tree: readonly ProcessInfo[], memoryBytes: number): void {
    const atMs = this.#ports.clock.nowMs();
    const before = this.#usage.get(id);
    const ticks = tree.reduce((sum, p) => sum + p.userTicks + p.systemTicks, 0);
    const virtualBytes = tree.reduce((sum, p) => sum + p.vmBytes, 0);
    const seconds = before === undefined ? 0 : (atMs - before.atMs) / 1000;
    // A process that ended takes its ticks along.
    const cores = seconds > 0 ? Math.max(0, ticks - before!.ticks) / TICKS_PER_SECOND / seconds : 0;
    this.#usage.set(id, { memoryBytes, virtualBytes, ticks, atMs, cores });
  }
}
