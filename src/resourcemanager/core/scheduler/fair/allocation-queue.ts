// One <queue> of the allocations file, with those below it. The file as a whole is allocations.ts.
import { parseTimeMs } from '../../../../common/key.ts';
import { nearest } from '../../../../common/suggest.ts';
import type { XmlElement } from '../../../../common/xml-lines.ts';
import type { QueueTimeouts } from '../../queue-policies.ts';
import { amountsFrom } from './fair-amounts.ts';
import { type Amounts, bareQueue, type FairPolicy, type FairQueueConfig, type QueueDefaults } from './fair-config.ts';

export type Refuse = (line: number, detail: string) => never;
/** As the file has it: `ada,bob staff`. */
export type AclText = { readonly text: string; readonly line: number };
export type QueueAclTexts = { readonly submit: AclText | undefined; readonly administer: AclText | undefined };
export type Inherited = {
  readonly parent: FairQueueConfig | undefined;
  readonly defaults: QueueDefaults;
  readonly minTimeoutMs: number;
  readonly fairTimeoutMs: number;
  readonly threshold: number;
  /** Filled with what queues say of the lives of their applications. */
  readonly timeouts: Map<string, QueueTimeouts>;
  readonly acls: Map<string, QueueAclTexts>;
  readonly refuse: Refuse;
};

/** The last three are ours, seconds or a time; the others are YARN's. */
const QUEUE_ELEMENTS = [
  'minResources',
  'maxResources',
  'maxChildResources',
  'maxContainerAllocation',
  'maxRunningApps',
  'maxAMShare',
  'weight',
  'schedulingPolicy',
  'schedulingMode',
  'minSharePreemptionTimeout',
  'fairSharePreemptionTimeout',
  'fairSharePreemptionThreshold',
  'allowPreemptionFrom',
  'aclSubmitApps',
  'aclAdministerApps',
  'queue',
  'pool',
  'maximumApplicationLifetime',
  'defaultApplicationLifetime',
  'maximumQueueWait',
];

export function queueFrom(element: XmlElement, inherited: Inherited): FairQueueConfig {
  const { refuse, parent, defaults } = inherited;
  const path = pathOf(element, parent, refuse);
  const seen = elementsOf(element, refuse);
  const read = <T>(tag: string, of: (found: XmlElement) => T): T | undefined => (seen.has(tag) ? of(seen.get(tag)!) : undefined);
  const seconds = (tag: string) => read(tag, (found) => secondsOf(found, refuse) * 1000);
  const amounts = (tag: string): Amounts | undefined =>
    read(tag, (found) => amountsFrom(found.text, (detail) => refuse(found.line, detail)));
  const whole = (tag: string) => read(tag, (found) => numberOf(found, { least: 0, whole: true }, refuse));
  const below = element.children.filter(({ tag }) => tag === 'queue' || tag === 'pool');
  const bare = bareQueue(path, parent, defaults);
  const queue: FairQueueConfig = {
    ...bare,
    isParent: below.length > 0 || element.attributes['type'] === 'parent',
    minResources: amounts('minResources') ?? bare.minResources,
    maxResources: amounts('maxResources') ?? bare.maxResources,
    maxChildResources: amounts('maxChildResources') ?? bare.maxChildResources,
    maxContainerAllocation: amounts('maxContainerAllocation') ?? bare.maxContainerAllocation,
    weight: read('weight', (found) => numberOf(found, { least: 0 }, refuse)) ?? 1,
    policy:
      read('schedulingPolicy', (found) => policyOf(found, refuse)) ??
      read('schedulingMode', (found) => policyOf(found, refuse)) ??
      bare.policy,
    maxRunningApps: whole('maxRunningApps') ?? bare.maxRunningApps,
    maxAmShare: read('maxAMShare', (found) => numberOf(found, { least: -1, most: 1 }, refuse)) ?? bare.maxAmShare,
    minSharePreemptionTimeoutMs: seconds('minSharePreemptionTimeout') ?? parent?.minSharePreemptionTimeoutMs ?? inherited.minTimeoutMs,
    fairSharePreemptionTimeoutMs: seconds('fairSharePreemptionTimeout') ?? parent?.fairSharePreemptionTimeoutMs ?? inherited.fairTimeoutMs,
    fairSharePreemptionThreshold:
      read('fairSharePreemptionThreshold', (found) => numberOf(found, { least: 0, most: 1 }, refuse)) ??
      parent?.fairSharePreemptionThreshold ??
      inherited.threshold,
    allowPreemptionFrom: read('allowPreemptionFrom', (found) => flagOf(found, refuse)) ?? bare.allowPreemptionFrom,
  };
  if (queue.isParent && queue.policy === 'fifo') refuse(element.line, `queue ${path} has queues below it and can't be fifo`);
  if (queue.isParent && seen.has('maxAMShare'))
    refuse(seen.get('maxAMShare')!.line, `queue ${path} takes no applications: maxAMShare says nothing`);
  noteTimeouts(path, read, inherited);
  const acl = (found: XmlElement): AclText => ({ text: found.text, line: found.line });
  inherited.acls.set(path, { submit: read('aclSubmitApps', acl), administer: read('aclAdministerApps', acl) });
  const children = below.map((child) => queueFrom(child, { ...inherited, parent: queue }));
  for (const [i, { name }] of children.entries())
    if (children.findIndex((other) => other.name === name) < i) refuse(below[i]!.line, `queue ${children[i]!.path} is there twice`);
  return { ...queue, children };
}

function pathOf({ line, attributes }: XmlElement, parent: FairQueueConfig | undefined, refuse: Refuse): string {
  const name = attributes['name']?.trim() ?? '';
  if (!/^[A-Za-z0-9_@-]{1,128}$/.test(name))
    return refuse(line, `${JSON.stringify(name)} is no name for a queue: letters, digits, _, - and @`);
  const type = attributes['type'];
  if (type !== undefined && type !== 'parent') return refuse(line, `type is ${JSON.stringify(type)}; expected parent`);
  return parent === undefined ? name : `${parent.path}.${name}`;
}

function elementsOf(element: XmlElement, refuse: Refuse): Map<string, XmlElement> {
  const seen = new Map<string, XmlElement>();
  for (const child of element.children) {
    const { tag, line } = child;
    if (/reservation/i.test(tag)) refuse(line, noReservations(tag));
    if (!QUEUE_ELEMENTS.includes(tag)) {
      const meant = nearest(tag, QUEUE_ELEMENTS);
      refuse(line, `unknown element <${tag}>${meant === undefined ? '' : `; did you mean <${meant}>?`}`);
    }
    if (seen.has(tag) && tag !== 'queue' && tag !== 'pool') refuse(line, `<${tag}> is set twice (before on line ${seen.get(tag)!.line})`);
    seen.set(tag, child);
  }
  return seen;
}

/** YARN's ReservationSystem. */
export const noReservations = (tag: string): string =>
  `<${tag}>: reservations in time are not there; a queue with minResources is how space is kept`;

type Read = <T>(tag: string, of: (found: XmlElement) => T) => T | undefined;

/** A queue has its parent's unless it says otherwise; -1 (or 0) says that it has none. */
function noteTimeouts(path: string, read: Read, { timeouts, refuse }: Inherited): void {
  const seconds = (tag: string) => read(tag, (found) => ({ is: Math.max(0, secondsOf(found, refuse)) || undefined }));
  const above = timeouts.get(path.slice(0, Math.max(0, path.lastIndexOf('.'))));
  const pick = (tag: string, otherwise: number | undefined) => {
    const found = seconds(tag);
    return found === undefined ? otherwise : found.is;
  };
  timeouts.set(path, {
    maximumLifetimeSec: pick('maximumApplicationLifetime', above?.maximumLifetimeSec),
    defaultLifetimeSec: pick('defaultApplicationLifetime', above?.defaultLifetimeSec),
    maximumWaitSec: pick('maximumQueueWait', above?.maximumWaitSec),
  });
}

/** A bare number counts in seconds. */
export function secondsOf({ tag, text, line }: XmlElement, refuse: Refuse): number {
  const ms = /^-?\d+$/.test(text) ? Number(text) * 1000 : parseTimeMs(text, 's');
  return ms === undefined ? refuse(line, `<${tag}> is ${JSON.stringify(text)}; expected seconds, or a time such as 10min`) : ms / 1000;
}

type Bounds = { readonly least: number; readonly most?: number; readonly whole?: boolean };

export function numberOf(
  { tag, text, line }: XmlElement,
  { least, most = Number.POSITIVE_INFINITY, whole = false }: Bounds,
  refuse: Refuse,
): number {
  const value = text === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value) || value < least || value > most || (whole && !Number.isInteger(value)))
    return refuse(
      line,
      `<${tag}> is ${JSON.stringify(text)}; expected a ${whole ? 'whole ' : ''}number ${Number.isFinite(most) ? `from ${least} to ${most}` : `≥ ${least}`}`,
    );
  return value;
}

function flagOf({ tag, text, line }: XmlElement, refuse: Refuse): boolean {
  const word = text.toLowerCase();
  return word === 'true' || word === 'false'
    ? word === 'true'
    : refuse(line, `<${tag}> is ${JSON.stringify(text)}; expected true or false`);
}

export function policyOf({ tag, text, line }: XmlElement, refuse: Refuse): FairPolicy {
  const word = text.toLowerCase().replace(/^.*\.(fair|dominantresourcefairness|fifo)policy$/, '$1');
  const policy = word === 'dominantresourcefairness' ? 'drf' : word;
  if (policy !== 'fair' && policy !== 'drf' && policy !== 'fifo')
    return refuse(line, `<${tag}> is ${JSON.stringify(text)}; expected fair, drf or fifo`);
  return policy;
}
