// The faults that the chaos runner can bring about, each a few lines: what breaks, how long, and what may come of it. A fault never ends a
// process outside the cluster's folder. What a round does with them is round.ts.
import { closeSync, openSync, readdirSync, statSync, truncateSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Cluster } from './cluster.ts';
import { LINK_FAULTS } from './link-faults.ts';
import { type Kind, processesBelow, signal } from './processes.ts';
import type { Mode } from './schedule.ts';

export type Scene = { readonly cluster: Cluster; readonly mode: Mode; readonly choice: number; readonly submitPid: number };
export type Fault = {
  readonly in: readonly Mode[];
  /** Resolves when it has struck, and is over if it ends by itself. @returns what it hit, in words; undefined: there was nothing to hit */
  strike(scene: Scene): Promise<string | undefined>;
  /** When set the job may fail, if stderr, diagnostics or exit code say so. */
  readonly mayFail?: (ended: { readonly code: number; readonly text: string }) => boolean;
};

const EVERYWHERE: readonly Mode[] = ['client', 'cluster', 'local-cluster'];
const ON_YARN: readonly Mode[] = ['client', 'cluster'];

const pick = <T>(list: readonly T[], choice: number): T | undefined => (list.length === 0 ? undefined : list[choice % list.length]);

/** Executors and drivers of the round; in local-cluster mode they lie below the cluster's tmp folder, which is below its folder too. */
const victim = ({ cluster, choice }: Scene, kind: Kind) => pick(cluster.processes(kind), choice);

function killing(kind: Kind, name: NodeJS.Signals): Fault['strike'] {
  return async (scene) => {
    const hit = victim(scene, kind);
    if (hit === undefined || !signal(hit.pid, name)) return undefined;
    return `${kind} ${hit.pid}`;
  };
}

function shuffleFiles({ cluster }: Scene): string[] {
  const roots = [
    join(cluster.folder, 'data/local'),
    join(cluster.folder, 'tmp'),
    ...(cluster.smallDisk === undefined ? [] : [cluster.smallDisk]),
  ];
  const files = roots.flatMap((root) => {
    try {
      return readdirSync(root, { recursive: true, withFileTypes: true })
        .filter((e) => e.isFile() && /^shuffle_\d+_/.test(e.name) && !e.parentPath.includes('node_modules'))
        .map((e) => join(e.parentPath, e.name));
    } catch {
      return [];
    }
  });
  return files.sort();
}

function damaging(damage: (file: string) => void): Fault['strike'] {
  return async (scene) => {
    const file = pick(shuffleFiles(scene), scene.choice);
    try {
      if (file === undefined || statSync(file).size === 0) return undefined;
      damage(file);
      return file;
    } catch {
      return undefined; // it was removed meanwhile
    }
  };
}

const flip = (file: string): void => {
  const fd = openSync(file, 'r+');
  writeSync(fd, 'XXXXXXXX', Math.floor(statSync(file).size / 2));
  closeSync(fd);
};

/** Bursts: stopped for 200 ms, running for 100 ms, 15 times. */
async function slow(scene: Scene): Promise<string | undefined> {
  const slowed = scene.cluster.processes('executor').filter((_, i) => (i + scene.choice) % 2 === 0);
  for (let burst = 0; burst < 15; burst++) {
    for (const { pid } of slowed) signal(pid, 'SIGSTOP');
    await pause(200);
    for (const { pid } of slowed) signal(pid, 'SIGCONT');
    await pause(100);
  }
  return slowed.length === 0 ? undefined : `executors ${slowed.map((p) => p.pid).join(' ')}`;
}

export const FAULTS: Readonly<Record<string, Fault>> = {
  'executor-killed': { in: EVERYWHERE, strike: killing('executor', 'SIGKILL') },
  'executor-hung': { in: EVERYWHERE, strike: killing('executor', 'SIGSTOP') },
  'executor-slow': { in: EVERYWHERE, strike: slow },
  'driver-killed': { in: ['cluster'], strike: killing('driver', 'SIGKILL') },
  'driver-hung': { in: ['cluster'], strike: killing('driver', 'SIGSTOP') },
  'client-driver-killed': {
    in: ['client'],
    strike: async ({ cluster, submitPid }) => (signal(submitPid, 'SIGKILL') ? `spark-submit ${submitPid} of ${cluster.folder}` : undefined),
    mayFail: ({ code }) => code === 137,
  },
  'nodemanager-killed': {
    in: ON_YARN,
    strike: async ({ cluster, choice }) => {
      const node = pick(cluster.nodes, choice)!;
      const hit = cluster.daemon('nodemanager', node);
      if (hit === undefined || !signal(hit.pid, 'SIGKILL')) return undefined;
      await pause(choice % 1500);
      await cluster.startDaemon('nodemanager', node);
      return `${node}, back after ${choice % 1500} ms`;
    },
  },
  'nodemanager-hung': {
    in: ON_YARN,
    strike: async ({ cluster, choice }) => {
      const hit = cluster.daemon('nodemanager', pick(cluster.nodes, choice));
      if (hit === undefined || !signal(hit.pid, 'SIGSTOP')) return undefined;
      await pause(choice % 9_000);
      signal(hit.pid, 'SIGCONT');
      return `${hit.pid} for ${choice % 9_000} ms`;
    },
  },
  'resourcemanager-killed': {
    in: ON_YARN,
    strike: async ({ cluster, choice }) => {
      const hit = cluster.daemon('resourcemanager');
      if (hit === undefined || !signal(hit.pid, 'SIGKILL')) return undefined;
      await pause(choice % 1500);
      await cluster.startDaemon('resourcemanager');
      return `back after ${choice % 1500} ms`;
    },
  },
  ...LINK_FAULTS,
  'shuffle-file-flipped': { in: EVERYWHERE, strike: damaging(flip) },
  'shuffle-file-cut': { in: EVERYWHERE, strike: damaging((file) => truncateSync(file, Math.floor(statSync(file).size / 2))) },
  'shuffle-file-removed': { in: EVERYWHERE, strike: damaging(unlinkSync) },
  'disk-full': {
    in: ON_YARN,
    strike: async ({ cluster }) => {
      if (cluster.smallDisk === undefined) return undefined;
      const fd = openSync(join(cluster.smallDisk, 'filler'), 'a', 0o600);
      try {
        for (;;) writeSync(fd, Buffer.alloc(1 << 16));
      } catch {
        // full: that is what is wanted
      } finally {
        closeSync(fd);
      }
      return cluster.smallDisk;
    },
    mayFail: ({ code, text }) => code === 1 && /[Nn]o space left|ENOSPC/.test(text),
  },
};

/** What is left of a round: containers and submitters. Daemons stay. */
export const leftOvers = (folder: string) =>
  processesBelow(folder).filter((p) => p.kind === 'executor' || p.kind === 'driver' || p.kind === 'submit');
