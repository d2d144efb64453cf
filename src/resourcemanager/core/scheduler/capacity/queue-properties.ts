// The properties of one queue: texts with their lines → values, or a fault. What a queue does not say it has from its parent, from the
// property without a queue's name, or by default, as in YARN. Source: YARN's CapacitySchedulerConfiguration.
import type { LabelCapacity, Property, QueueConfig } from './config-types.ts';
import { checkWeights, USERS, userWeightsOf, type UserWeights } from './user-weights.ts';
import { ALL, type Amount, NONE, parseAmount, parseMaximum } from './amount.ts';

export type QueueReader = {
  /** @param path '' for the property of all queues */
  readonly get: (path: string, word: string) => Property | undefined;
  /** All properties of a queue and of those below it. */
  readonly below: (path: string) => readonly Property[];
  readonly refuse: (line: number, detail: string) => never;
};

/** What children have unless they say otherwise. */
export type Inherited = {
  readonly amShare: number;
  readonly accessibleLabels: readonly string[];
  readonly defaultLabel: string;
  readonly preemptionDisabled: boolean;
  readonly intraQueuePreemptionDisabled: boolean;
  readonly userWeights: UserWeights;
};

const AM_SHARE = 'maximum-am-resource-percent';
const LABELS = 'accessible-node-labels';
const BY_SIZE = 'ordering-policy.fair.enable-size-based-weight';
const NO_PREEMPTION = 'disable_preemption';
const NO_INTRA = 'intra-queue-preemption.disable_preemption';
/** No queue may be called like one. */
export const QUEUE_WORDS: readonly string[] = [
  'queues',
  'capacity',
  'maximum-capacity',
  'state',
  AM_SHARE,
  LABELS,
  'default-node-label-expression',
  'minimum-user-limit-percent',
  'user-limit-factor',
  'maximum-applications',
  'maximum-allocation-mb',
  'maximum-allocation-vcores',
  'priority',
  'default-application-priority',
  'ordering-policy',
  NO_PREEMPTION,
  'intra-queue-preemption',
  USERS,
  'auto-queue-creation-v2',
];
/** YARN: 0.1, which on one small machine is a single driver at a time. The other half is always left for executors. */
const DEFAULT_AM_SHARE = 0.5;
const LABEL_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

export const INHERITED_AT_ROOT = (reader: QueueReader): Inherited => ({
  amShare: fraction(reader, reader.get('', AM_SHARE)) ?? DEFAULT_AM_SHARE,
  accessibleLabels: ['*'],
  defaultLabel: '',
  preemptionDisabled: false,
  intraQueuePreemptionDisabled: false,
  userWeights: new Map(),
});

/** What a file says of one queue, whatever is below it. */
export type OwnProperties = Omit<QueueConfig, 'children' | 'autoCreate' | 'dynamic' | 'expires'>;
type Place = { readonly leaf: boolean; readonly inherited: Inherited };

export function queueProperties(
  reader: QueueReader,
  path: string,
  named: Property | undefined,
  { leaf, inherited }: Place,
): { own: OwnProperties; forChildren: Inherited } {
  const { get } = reader;
  const number = (word: string, rule: NumberRule) => numberOf(reader, get(path, word) ?? get('', word), rule);
  const amShare = fraction(reader, get(path, AM_SHARE)) ?? inherited.amShare;
  const accessibleLabels = labelsOf(reader, path, inherited);
  const defaultLabel = defaultLabelOf(reader, path, accessibleLabels, inherited);
  const preemptionDisabled = truth(reader, get(path, NO_PREEMPTION)) ?? inherited.preemptionDisabled;
  const intraQueuePreemptionDisabled = truth(reader, get(path, NO_INTRA)) ?? inherited.intraQueuePreemptionDisabled;
  const userWeights = userWeightsOf(reader, path, inherited.userWeights);
  const own = {
    path,
    name: path.slice(path.lastIndexOf('.') + 1),
    state: oneOf(reader, get(path, 'state'), ['RUNNING', 'STOPPED']) ?? 'RUNNING',
    capacities: capacitiesOf(reader, path, named, amShare),
    accessibleLabels,
    defaultLabel,
    orderingPolicy: orderingOf(reader, path, leaf),
    sizeBasedWeight: truth(reader, get(path, BY_SIZE)) ?? false,
    priority: numberOf(reader, get(path, 'priority'), { least: 0, most: 2 ** 31, whole: true }) ?? 0,
    defaultApplicationPriority: numberOf(reader, get(path, 'default-application-priority'), { least: 0, most: 2 ** 31, whole: true }) ?? 0,
    userLimitPercent: number('minimum-user-limit-percent', { least: 0, most: 100, whole: false }) ?? 100,
    userLimitFactor: number('user-limit-factor', { least: -1, most: 1e9, whole: false }) ?? 1,
    userWeights,
    maximumApplications: numberOf(reader, get(path, 'maximum-applications'), { least: 0, most: 2 ** 31, whole: true }),
    maximumAllocationMb: numberOf(reader, get(path, 'maximum-allocation-mb'), { least: 1, most: 2 ** 31, whole: true }),
    maximumAllocationVcores: numberOf(reader, get(path, 'maximum-allocation-vcores'), { least: 1, most: 2 ** 31, whole: true }),
    preemptionDisabled,
    intraQueuePreemptionDisabled,
  };
  if (own.userLimitFactor !== -1 && own.userLimitFactor < 0)
    reader.refuse(
      get(path, 'user-limit-factor')?.line ?? 1,
      `queue ${path}: user-limit-factor ${own.userLimitFactor}; expected 0 or more, or -1 for no limit`,
    );
  if (leaf) checkWeights(reader, path, userWeights, own.userLimitPercent);
  if (own.sizeBasedWeight && own.orderingPolicy !== 'fair')
    reader.refuse(get(path, BY_SIZE)!.line, `queue ${path}: ${BY_SIZE} needs ordering-policy: fair`);
  return { own, forChildren: { amShare, accessibleLabels, defaultLabel, preemptionDisabled, intraQueuePreemptionDisabled, userWeights } };
}

function capacitiesOf(reader: QueueReader, path: string, named: Property | undefined, amShare: number): Map<string, LabelCapacity> {
  const isRoot = path === 'root';
  const capacities = new Map<string, LabelCapacity>();
  const one = (label: string, prefix: string, fallback: Amount | undefined) => {
    const capacity = reader.get(path, `${prefix}capacity`);
    const maximum = reader.get(path, `${prefix}maximum-capacity`);
    const share = reader.get(path, `${prefix}${AM_SHARE}`);
    if (capacity === undefined && fallback === undefined)
      reader.refuse(named?.line ?? 1, `queue ${path} has no yarn.scheduler.capacity.${path}.capacity`);
    const amount = capacity === undefined ? fallback! : taken(reader, capacity, parseAmount);
    const most = maximum === undefined ? undefined : taken(reader, maximum, parseMaximum);
    if (isRoot && (amount.kind !== 'percent' || amount.percent !== 100))
      reader.refuse(capacity!.line, 'the capacity of root is always 100');
    if (most?.kind === 'percent' && amount.kind === 'percent' && most.percent < amount.percent)
      reader.refuse(maximum!.line, `queue ${path}: maximum-capacity ${most.percent} is below its capacity ${amount.percent}`);
    if (most?.kind === 'absolute' && amount.kind === 'absolute' && below(most, amount))
      reader.refuse(
        maximum!.line,
        `queue ${path}: maximum-capacity ${String(maximum!.value)} is below its capacity ${String(capacity!.value)}`,
      );
    capacities.set(label, { capacity: amount, maximum: most, maximumAmShare: fraction(reader, share) ?? amShare });
  };
  one('', '', isRoot ? ALL : undefined);
  for (const label of labelsNamed(reader, path)) one(label, `${LABELS}.${label}.`, isRoot ? ALL : NONE);
  return capacities;
}

/** Labels that the file has a capacity for at this very queue. */
function labelsNamed(reader: QueueReader, path: string): string[] {
  const start = `yarn.scheduler.capacity.${path}.${LABELS}.`;
  const found = new Set<string>();
  for (const { name, line } of reader.below(path)) {
    if (!name.startsWith(start)) continue;
    const label = /^(.+)\.(capacity|maximum-capacity|maximum-am-resource-percent)$/.exec(name.slice(start.length))?.[1];
    if (label === undefined) continue; // unknown, and told so with all the others
    if (!LABEL_NAME.test(label)) reader.refuse(line, `${JSON.stringify(label)} is no node label: letters, digits, _ and -`);
    found.add(label);
  }
  return [...found];
}

const below = (most: Extract<Amount, { kind: 'absolute' }>, amount: Extract<Amount, { kind: 'absolute' }>): boolean =>
  most.resource.memoryMb < amount.resource.memoryMb ||
  most.resource.vcores < amount.resource.vcores ||
  Object.entries(most.resource.others ?? {}).some(([name, n]) => n < (amount.resource.others?.[name] ?? 0));

function taken(reader: QueueReader, p: Property, parse: (value: unknown) => Amount | { fault: string }): Amount {
  const amount = parse(p.value);
  if ('fault' in amount) return reader.refuse(p.line, `${p.name} is ${JSON.stringify(p.value)}; expected ${amount.fault}`);
  return amount;
}

function labelsOf(reader: QueueReader, path: string, { accessibleLabels }: Inherited): readonly string[] {
  const p = reader.get(path, LABELS);
  if (p === undefined) return accessibleLabels;
  const items = (Array.isArray(p.value) ? p.value.map(String) : String(p.value ?? '').split(','))
    .map((l) => l.trim())
    .filter((l) => l !== '');
  for (const label of items) {
    if (label !== '*' && !LABEL_NAME.test(label))
      reader.refuse(p.line, `${JSON.stringify(label)} is no node label: letters, digits, _ and -`);
    if (!accessibleLabels.includes('*') && !accessibleLabels.includes(label))
      reader.refuse(p.line, `queue ${path} can't have access to label ${label}: the queue above it has not`);
  }
  return items;
}

function defaultLabelOf(reader: QueueReader, path: string, accessible: readonly string[], inherited: Inherited): string {
  const p = reader.get(path, 'default-node-label-expression');
  const label = p === undefined ? inherited.defaultLabel : String(p.value ?? '').trim();
  if (label === '' || accessible.includes('*') || accessible.includes(label)) return label;
  if (p === undefined) return '';
  return reader.refuse(p.line, `queue ${path}: default-node-label-expression ${label} is not among its accessible-node-labels`);
}

function orderingOf(reader: QueueReader, path: string, leaf: boolean): QueueConfig['orderingPolicy'] {
  const p = reader.get(path, 'ordering-policy');
  const words = leaf ? (['fifo', 'fair'] as const) : (['utilization', 'priority-utilization'] as const);
  return oneOf<QueueConfig['orderingPolicy']>(reader, p, words, String) ?? words[0];
}

type NumberRule = { readonly least: number; readonly most: number; readonly whole: boolean };

export function numberOf(reader: QueueReader, p: Property | undefined, { least, most, whole }: NumberRule): number | undefined {
  if (p === undefined) return undefined;
  const value = String(p.value ?? '').trim() === '' ? Number.NaN : Number(p.value);
  if (!Number.isFinite(value) || value < least || value > most || (whole && !Number.isInteger(value)))
    reader.refuse(
      p.line,
      `${p.name} is ${JSON.stringify(p.value)}; expected a ${whole ? 'whole ' : ''}number from ${least}${most < 1e9 ? ` to ${most}` : ''}`,
    );
  return value;
}

function fraction(reader: QueueReader, p: Property | undefined): number | undefined {
  if (p === undefined) return undefined;
  const value = typeof p.value === 'string' && p.value.trim() !== '' ? Number(p.value) : p.value;
  if (typeof value !== 'number' || !(value >= 0 && value <= 1))
    reader.refuse(p.line, `${p.name} is ${JSON.stringify(p.value)}; expected a fraction from 0 to 1 (YARN's name says percent)`);
  return value as number;
}

export function truth(reader: QueueReader, p: Property | undefined): boolean | undefined {
  if (p === undefined) return undefined;
  if (!/^(true|false)$/i.test(String(p.value))) reader.refuse(p.line, `${p.name} is ${JSON.stringify(p.value)}; expected true or false`);
  return String(p.value).toLowerCase() === 'true';
}

function oneOf<T extends string>(
  reader: QueueReader,
  p: Property | undefined,
  words: readonly T[],
  spell: (text: string) => string = (text) => text.toUpperCase(),
): T | undefined {
  if (p === undefined) return undefined;
  const text = spell(String(p.value ?? ''));
  if (!words.includes(text as T)) reader.refuse(p.line, `${p.name} is ${JSON.stringify(p.value)}; expected ${words.join(' or ')}`);
  return text as T;
}
