// The queue tree as the file says it: YARN's property names and their lines → a checked tree, or one fault with its line.
// Reading the file is platform/yaml-file.ts; the living tree with what is used is queue-tree.ts.
// Source of names and rules: YARN's CapacitySchedulerConfiguration.
import { AppError } from '../../../common/errors.ts';
import { nearest } from '../../../common/suggest.ts';

/** One property of the file, nested maps flattened with dots. */
export type Property = { readonly name: string; readonly value: unknown; readonly line: number };

export type QueueConfig = {
  /** `root.etl.nightly` */
  readonly path: string;
  readonly name: string;
  /** Percent of the parent. */
  readonly capacityPercent: number;
  readonly maximumCapacityPercent: number;
  /** The part of its capacity that drivers' containers may take, 0 to 1; children have their parent's unless they say. */
  readonly maximumAmShare: number;
  readonly state: 'RUNNING' | 'STOPPED';
  readonly children: readonly QueueConfig[];
};

export type CapacityConfig = { readonly kind: 'capacity'; readonly root: QueueConfig };

const PREFIX = 'yarn.scheduler.capacity.';
const AM_SHARE = 'maximum-am-resource-percent';
const WORDS = ['queues', 'capacity', 'maximum-capacity', 'state', AM_SHARE];
/** YARN: 0.1, which on one small machine is a single driver at a time. The other half is always left for executors. */
const DEFAULT_AM_SHARE = 0.5;
const SUM_TOLERANCE = 0.001;

/** What a cluster without a file has: one queue for all. */
const ONE_QUEUE: QueueConfig = {
  path: 'root',
  name: 'root',
  capacityPercent: 100,
  maximumCapacityPercent: 100,
  maximumAmShare: DEFAULT_AM_SHARE,
  state: 'RUNNING',
  children: [
    {
      path: 'root.default',
      name: 'default',
      capacityPercent: 100,
      maximumCapacityPercent: 100,
      maximumAmShare: DEFAULT_AM_SHARE,
      state: 'RUNNING',
      children: [],
    },
  ],
};

export const DEFAULT_QUEUES: CapacityConfig = { kind: 'capacity', root: ONE_QUEUE };

/** @throws AppError QUEUE_CONFIG_INVALID with the line of the first fault; nothing of a bad file is taken */
export function queuesFrom(file: string, properties: readonly Property[]): CapacityConfig {
  const refuse = (line: number, detail: string): never => {
    throw new AppError('QUEUE_CONFIG_INVALID', { file, line, detail });
  };
  const byName = new Map<string, Property>();
  for (const p of properties) {
    if (!p.name.startsWith(`${PREFIX}root.`) && p.name !== `${PREFIX}${AM_SHARE}`) refuse(p.line, unknownProperty(p.name));
    if (byName.has(p.name)) refuse(p.line, `${p.name} is set twice (before on line ${byName.get(p.name)!.line})`);
    byName.set(p.name, p);
  }
  const used = new Set<string>();
  const get = (path: string, word: string) => {
    const name = `${PREFIX}${path === '' ? '' : `${path}.`}${word}`;
    used.add(name);
    return byName.get(name);
  };
  const percent = (p: Property): number => {
    const value = typeof p.value === 'number' ? p.value : Number(String(p.value).replace(/\s*%$/, ''));
    if (!Number.isFinite(value) || value < 0 || value > 100 || p.value === '')
      refuse(p.line, `${p.name} is ${JSON.stringify(p.value)}; expected a percentage from 0 to 100`);
    return value;
  };

  const amShare = (path: string, otherwise: number): number => {
    const p = get(path, AM_SHARE);
    if (p === undefined) return otherwise;
    const value = typeof p.value === 'string' && p.value.trim() !== '' ? Number(p.value) : p.value;
    if (typeof value !== 'number' || !(value >= 0 && value <= 1))
      refuse(p.line, `${p.name} is ${JSON.stringify(p.value)}; expected a fraction from 0 to 1 (YARN's name says percent)`);
    return value as number;
  };

  const build = (path: string, named: Property | undefined, parentAmShare: number): QueueConfig => {
    const isRoot = path === 'root';
    const capacity = get(path, 'capacity');
    if (!isRoot && capacity === undefined) refuse(named?.line ?? 1, `queue ${path} has no ${PREFIX}${path}.capacity`);
    const capacityPercent = capacity === undefined ? 100 : percent(capacity);
    if (isRoot && capacityPercent !== 100) refuse(capacity!.line, 'the capacity of root is always 100');
    const maximum = get(path, 'maximum-capacity');
    const maximumCapacityPercent = maximum === undefined ? 100 : percent(maximum);
    if (maximumCapacityPercent < capacityPercent)
      refuse(
        (maximum ?? capacity)?.line ?? 1,
        `queue ${path}: maximum-capacity ${maximumCapacityPercent} is below its capacity ${capacityPercent}`,
      );
    const state = get(path, 'state');
    const stateText = String(state?.value ?? 'RUNNING').toUpperCase();
    if (stateText !== 'RUNNING' && stateText !== 'STOPPED')
      refuse(state!.line, `${state!.name} is ${JSON.stringify(state!.value)}; expected RUNNING or STOPPED`);
    const maximumAmShare = amShare(path, parentAmShare);
    const queues = get(path, 'queues');
    const names = queues === undefined ? [] : listOf(queues.value);
    if (isRoot && names.length === 0) refuse(queues?.line ?? 1, `${PREFIX}root.queues names no queue`);
    for (const name of names) {
      if (!/^[A-Za-z0-9_-]{1,64}$/.test(name))
        refuse(queues!.line, `${JSON.stringify(name)} is no name for a queue: letters, digits, _ and -`);
      if (WORDS.includes(name)) refuse(queues!.line, `a queue can't be called ${name}`);
    }
    if (new Set(names).size !== names.length) refuse(queues!.line, `${queues!.name} names a queue twice`);
    const children = names.map((name) => build(`${path}.${name}`, queues, maximumAmShare));
    const sum = children.reduce((total, child) => total + child.capacityPercent, 0);
    if (children.length > 0 && Math.abs(sum - 100) > SUM_TOLERANCE)
      refuse(queues!.line, `the capacities of the children of ${path} add up to ${round(sum)}, not 100`);
    return {
      path,
      name: path.slice(path.lastIndexOf('.') + 1),
      capacityPercent,
      maximumCapacityPercent,
      maximumAmShare,
      state: stateText as 'RUNNING' | 'STOPPED',
      children,
    };
  };

  const root = build('root', undefined, amShare('', DEFAULT_AM_SHARE));
  for (const p of properties) if (!used.has(p.name)) refuse(p.line, unknownProperty(p.name, [...used]));
  return { kind: 'capacity', root };
}

function listOf(value: unknown): string[] {
  const items = Array.isArray(value) ? value.map(String) : String(value ?? '').split(',');
  return items.map((item) => item.trim()).filter((item) => item !== '');
}

const round = (n: number) => Math.round(n * 1000) / 1000;

function unknownProperty(name: string, known: readonly string[] = [`${PREFIX}root.queues`]): string {
  const meant = nearest(name, known);
  return `unknown property ${name}${meant === undefined ? '' : `; did you mean ${meant}?`}`;
}
