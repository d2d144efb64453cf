/**
 * Loads for bench/scheduler.ts, the same file for YARN's schedulers and ours: nodes, the capacity scheduler's properties and the fair scheduler's file,
 * and applications with what they ask. Synthetic (a full cluster in which what ends is asked for again), or read from a trace: YARN SLS's JSON
 * (sls-runner's `-i sls.json`: objects one after the other) and Rumen's (`-i 2jobs2min-rumen-jh.json`).
 * Source of the traces' fields: SLSRunner.startAMFromSLSTrace, startAMFromRumenTrace and Rumen's LoggedJob, LoggedTask, LoggedTaskAttempt.
 */
import { Prng } from '../../src/common/prng.ts';

export type LoadAsk = {
  readonly priority: number;
  readonly memoryMb: number;
  readonly vcores: number;
  readonly count: number;
  readonly hosts: readonly string[];
  /** Of a trace: how long each of the `count` containers runs, ms. */
  readonly livesMs?: readonly number[];
};
export type LoadApp = {
  readonly queue: string;
  readonly user: string;
  readonly priority: number;
  /** Of a trace: since its beginning. */
  readonly arrivalMs?: number;
  readonly asks: readonly LoadAsk[];
};
export type Load = {
  readonly nodes: readonly { readonly host: string; readonly memoryMb: number; readonly vcores: number }[];
  readonly capacity: Readonly<Record<string, string>>;
  readonly fairXml: string;
  readonly apps: readonly LoadApp[];
};

/** Addresses, because YARN looks each host up when it signs a container's token: names that nobody knows would be what is measured. */
export const hostOf = (i: number): string => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`;

const PARENTS = 10;
const LEAVES = 10;
const USERS = 50;

/** 1.6 GB a vcore, asks have 2.6 on average: memory is what runs out. */
const nodesOf = (count: number, p: Prng): Load['nodes'] =>
  Array.from({ length: count }, (_, i) => {
    const k = 1 + p.int(4);
    return { host: hostOf(i), memoryMb: k * 65_536, vcores: k * 40 };
  });

/** 100 leaves in 10 parents, each with user limits, priorities and a maximum above its share; 500 applications of 50 users that want more than there is. */
export function syntheticLoad(nodes: number, apps = 500, seed = 1): Load {
  const p = new Prng(seed);
  const queues = Array.from({ length: PARENTS * LEAVES }, (_, i) => `p${Math.floor(i / LEAVES)}.l${Math.floor(i / LEAVES)}${i % LEAVES}`);
  // A node holds some 35 containers on average: in all 1.5 times as much as there is.
  const perAsk = Math.ceil((nodes * 55) / apps / 3);
  return {
    nodes: nodesOf(nodes, p),
    ...queueFiles(queues, { capacityPercent: 10, maximumPercent: 40, leafMaximumPercent: 60 }),
    apps: Array.from({ length: apps }, (_, i) => ({
      queue: `root.${queues[i % queues.length]}`,
      user: `u${p.int(USERS)}`,
      priority: p.int(3),
      asks: [1, 2, 3].map((priority) => ({
        priority,
        memoryMb: 1024 << p.int(4),
        vcores: 1 + p.int(2),
        count: perAsk,
        hosts: p.chance(0.3) ? [hostOf(p.int(nodes)), hostOf(p.int(nodes))] : [],
      })),
    })),
  };
}

type QueuePercents = { readonly capacityPercent: number; readonly maximumPercent: number; readonly leafMaximumPercent: number };

/** @param leaves `parent.leaf` */
function queueFiles(leaves: readonly string[], percents: QueuePercents): Pick<Load, 'capacity' | 'fairXml'> {
  const PREFIX = 'yarn.scheduler.capacity.root';
  const capacity: Record<string, string> = {};
  const parents = [...new Set(leaves.map((leaf) => leaf.split('.')[0]!))];
  capacity[`${PREFIX}.queues`] = parents.join(',');
  let fairXml = '<?xml version="1.0"?><allocations>';
  for (const parent of parents) {
    const own = leaves.filter((leaf) => leaf.startsWith(`${parent}.`)).map((leaf) => leaf.split('.')[1]!);
    capacity[`${PREFIX}.${parent}.queues`] = own.join(',');
    capacity[`${PREFIX}.${parent}.capacity`] = String(percents.capacityPercent);
    capacity[`${PREFIX}.${parent}.maximum-capacity`] = String(percents.maximumPercent);
    fairXml += `<queue name="${parent}"><weight>1</weight>`;
    for (const leaf of own) {
      const name = `${PREFIX}.${parent}.${leaf}`;
      capacity[`${name}.capacity`] = String(100 / own.length);
      capacity[`${name}.maximum-capacity`] = String(percents.leafMaximumPercent);
      capacity[`${name}.minimum-user-limit-percent`] = '25';
      capacity[`${name}.user-limit-factor`] = '10';
      capacity[`${name}.maximum-am-resource-percent`] = '1';
      fairXml += `<queue name="${leaf}"><weight>1</weight></queue>`;
    }
    fairXml += '</queue>';
  }
  return { capacity, fairXml: `${fairXml}<defaultQueueSchedulingPolicy>drf</defaultQueueSchedulingPolicy></allocations>` };
}

type SlsTask = {
  'container.host'?: string;
  'container.start.ms': number;
  'container.end.ms': number;
  'container.priority'?: number;
  'container.memory'?: number;
  'container.vcores'?: number;
};
type SlsJob = {
  'job.start.ms': number;
  'job.queue.name'?: string;
  'job.user'?: string;
  'job.priority'?: number;
  'job.tasks': readonly SlsTask[];
};
/** SLS's defaults: yarn.sls.container.memory.mb, .vcores, and the priority of a map. */
const SLS_TASK = { memoryMb: 1024, vcores: 1, priority: 20 };

/** @throws SyntaxError for text that is no sequence of JSON objects */
export function slsLoad(text: string, nodes: number): Load {
  const jobs = objectsOf(text) as SlsJob[];
  const apps = jobs.map((job) => ({
    queue: job['job.queue.name'] ?? 'default',
    user: job['job.user'] ?? 'default',
    priority: job['job.priority'] ?? 0,
    arrivalMs: job['job.start.ms'],
    asks: grouped(
      job['job.tasks'].map((task) => ({
        priority: task['container.priority'] ?? SLS_TASK.priority,
        memoryMb: task['container.memory'] ?? SLS_TASK.memoryMb,
        vcores: task['container.vcores'] ?? SLS_TASK.vcores,
        lifeMs: task['container.end.ms'] - task['container.start.ms'],
      })),
    ),
  }));
  return traceLoad(apps, nodes);
}

type RumenTask = { attempts?: readonly { startTime: number; finishTime: number }[] };
type RumenJob = {
  jobID: string;
  user?: string | { value: string };
  queue?: string | { value: string };
  submitTime: number;
  mapTasks?: readonly RumenTask[];
  reduceTasks?: readonly RumenTask[];
};
/** SLS takes maps at priority 20 and reduces at 10. */
const RUMEN_PRIORITIES = { map: 20, reduce: 10 };

/** @throws SyntaxError for text that is no sequence of JSON objects */
export function rumenLoad(text: string, nodes: number): Load {
  const jobs = objectsOf(text) as RumenJob[];
  const from = Math.min(...jobs.map(({ submitTime }) => submitTime));
  const word = (value: string | { value: string } | undefined, otherwise: string) =>
    (typeof value === 'object' ? value.value : value) ?? otherwise;
  const tasks = (list: readonly RumenTask[] | undefined, priority: number) =>
    (list ?? []).flatMap(({ attempts }) => {
      const last = attempts?.at(-1);
      return last === undefined
        ? []
        : [{ priority, memoryMb: SLS_TASK.memoryMb, vcores: SLS_TASK.vcores, lifeMs: last.finishTime - last.startTime }];
    });
  const apps = jobs.map((job) => ({
    queue: word(job.queue, 'default'),
    user: word(job.user, 'default'),
    priority: 0,
    arrivalMs: job.submitTime - from,
    asks: grouped([...tasks(job.mapTasks, RUMEN_PRIORITIES.map), ...tasks(job.reduceTasks, RUMEN_PRIORITIES.reduce)]),
  }));
  return traceLoad(apps, nodes);
}

/** Tasks of one size and priority are one ask, as an ApplicationMaster asks for them. */
function grouped(tasks: readonly { priority: number; memoryMb: number; vcores: number; lifeMs: number }[]): LoadAsk[] {
  const asks = new Map<string, { priority: number; memoryMb: number; vcores: number; livesMs: number[] }>();
  for (const { priority, memoryMb, vcores, lifeMs } of tasks) {
    const key = `${priority} ${memoryMb} ${vcores}`;
    const ask = asks.get(key);
    if (ask) ask.livesMs.push(Math.max(1, lifeMs));
    else asks.set(key, { priority, memoryMb, vcores, livesMs: [Math.max(1, lifeMs)] });
  }
  return [...asks.values()].map((ask) => ({ ...ask, count: ask.livesMs.length, hosts: [] }));
}

/** Queues of a trace are leaves below one parent, with equal shares; their hosts mean nothing in another cluster. */
function traceLoad(apps: readonly LoadApp[], nodes: number): Load {
  const leafOf = (queue: string) => queue.replace(/^root\./, '').replace(/[^A-Za-z0-9_-]/g, '_');
  const leaves = [...new Set(apps.map(({ queue }) => leafOf(queue)))].map((leaf) => `trace.${leaf}`);
  return {
    nodes: nodesOf(nodes, new Prng(1)),
    ...queueFiles(leaves, { capacityPercent: 100, maximumPercent: 100, leafMaximumPercent: 100 }),
    apps: apps.map((app) => ({ ...app, queue: `root.trace.${leafOf(app.queue)}` })),
  };
}

/** JSON objects one after the other, with or without an array around them. Depth of braces is counted outside of strings. */
export function objectsOf(text: string): unknown[] {
  const trimmed = text.trim();
  if (trimmed.startsWith('[')) return JSON.parse(trimmed) as unknown[];
  const found: unknown[] = [];
  let [depth, from, inString] = [0, 0, false];
  for (let i = 0; i < trimmed.length; i++) {
    const c = trimmed[i];
    if (inString) {
      if (c === '\\') i++;
      else if (c === '"') inString = false;
    } else if (c === '"') inString = true;
    else if (c === '{' && depth++ === 0) from = i;
    else if (c === '}' && --depth === 0) found.push(JSON.parse(trimmed.slice(from, i + 1)));
  }
  if (depth !== 0 || inString) throw new SyntaxError('the trace ends in the middle of an object');
  return found;
}

/** A trace as SLS's own example has it, for tries: jobs that come over some minutes, each with maps and then reduces. */
export function syntheticSls(jobs: number, seed = 1): string {
  const p = new Prng(seed);
  return Array.from({ length: jobs }, (_, i) => {
    const start = p.int(600_000);
    const task = (type: string, priority: number) => {
      const from = start + p.int(10_000);
      return {
        'container.host': `/default-rack/node${p.int(1000)}`,
        'container.start.ms': from,
        'container.end.ms': from + 5_000 + p.int(55_000),
        'container.priority': priority,
        'container.type': type,
      };
    };
    return JSON.stringify({
      'am.type': 'mapreduce',
      'job.start.ms': start,
      'job.end.ms': start + 120_000,
      'job.queue.name': `sls_queue_${1 + p.int(4)}`,
      'job.id': `job_${i + 1}`,
      'job.user': `user${p.int(20)}`,
      'job.tasks': [
        ...Array.from({ length: 20 + p.int(400) }, () => task('map', 20)),
        ...Array.from({ length: 1 + p.int(40) }, () => task('reduce', 10)),
      ],
    });
  }).join('\n');
}
