// The allocations file of the fair scheduler (fair-scheduler.xml as YARN has it; fair-scheduler.yaml is the same elements) → a checked
// configuration, or one fault with its line. Reading and parsing the file is main.ts and common/xml-lines.ts; the properties of one
// queue are allocation-queue.ts. Source of names and rules: YARN's AllocationFileParser.
import { AppError } from '../../../../common/errors.ts';
import { nearest } from '../../../../common/suggest.ts';
import { accessList } from '../../../../common/access-list.ts';
import type { QueueAcl, QueueAcls } from '../../acls/may-user.ts';
import type { XmlElement } from '../../../../common/xml-lines.ts';
import { defaultPolicy, fairPlacement, POLICY_RULES, type PolicyEntry } from '../../placement/fair-policy.ts';
import type { QueuePolicies, QueueTimeouts } from '../../queue-policies.ts';
import {
  type AclText,
  type Inherited,
  noReservations,
  numberOf,
  policyOf,
  type QueueAclTexts,
  type Refuse,
  queueFrom,
  secondsOf,
} from './allocation-queue.ts';
import { amountsFrom } from './fair-amounts.ts';
import {
  bareQueue,
  DEFAULT_TUNING,
  DEFAULTS,
  type FairConfig,
  type FairPolicy,
  fairDefaults,
  type FairQueueConfig,
  type FairTuning,
  type QueueDefaults,
} from './fair-config.ts';

/** yarn.scheduler.fair.user-as-default-queue and allow-undeclared-pools: where applications go when the file has no placement policy. */
export type FairSettings = {
  readonly userAsDefaultQueue: boolean;
  readonly allowUndeclaredPools: boolean;
  readonly tuning?: FairTuning;
};

const QUEUE_TAGS = ['queue', 'pool'];
const DEFAULT_TAGS = [
  'userMaxAppsDefault',
  'queueMaxAppsDefault',
  'queueMaxResourcesDefault',
  'queueMaxAMShareDefault',
  'defaultQueueSchedulingPolicy',
  'defaultQueueSchedulingMode',
  'defaultMinSharePreemptionTimeout',
  'defaultFairSharePreemptionTimeout',
  'fairSharePreemptionTimeout',
  'defaultFairSharePreemptionThreshold',
];
const RULE_ATTRIBUTES = ['name', 'create', 'queue'];
const TAGS = [...QUEUE_TAGS, ...DEFAULT_TAGS, 'user', 'queuePlacementPolicy'];

export type Allocations = { readonly queues: FairConfig; readonly policies: QueuePolicies };

/** Without a file. */
export function noAllocations(settings: FairSettings): Allocations {
  const policy = defaultPolicy(settings.userAsDefaultQueue, settings.allowUndeclaredPools);
  const refuse = (detail: string): never => {
    throw new AppError('QUEUE_CONFIG_INVALID', { file: 'fair-scheduler.xml', line: 1, detail });
  };
  return { queues: fairDefaults(policy, settings.tuning), policies: { placement: fairPlacement(policy, refuse), timeouts: new Map() } };
}

/** @throws AppError QUEUE_CONFIG_INVALID with the line of the first fault; nothing of a bad file is taken */
export function allocationsFrom(file: string, root: XmlElement, settings: FairSettings): Allocations {
  const refuse: Refuse = (line, detail) => {
    throw new AppError('QUEUE_CONFIG_INVALID', { file, line, detail });
  };
  if (root.tag !== 'allocations') refuse(root.line, `the outermost element is <${root.tag}>; expected <allocations>`);
  const seen = new Map<string, XmlElement>();
  for (const element of root.children) {
    const { tag, line } = element;
    if (/^reservation-/.test(tag)) refuse(line, noReservations(tag));
    if (!TAGS.includes(tag)) refuse(line, unknownElement(tag, TAGS));
    if (QUEUE_TAGS.includes(tag) || tag === 'user') continue;
    if (seen.has(tag)) refuse(line, `<${tag}> is set twice (before on line ${seen.get(tag)!.line})`);
    seen.set(tag, element);
  }
  const defaults = defaultsFrom(seen, refuse);
  const timeouts = new Map<string, QueueTimeouts>();
  const acls = new Map<string, QueueAclTexts>();
  const queues = root.children.filter(({ tag }) => QUEUE_TAGS.includes(tag));
  const tree = rootFrom(queues, { defaults, timeouts, acls, refuse, parent: undefined, ...preemptionFrom(seen, refuse) });
  const policy = placementPolicy(seen.get('queuePlacementPolicy'), settings, refuse);
  const placement = fairPlacement(policy, (detail) => refuse(seen.get('queuePlacementPolicy')?.line ?? 1, detail));
  return {
    queues: {
      kind: 'fair',
      root: tree,
      defaults,
      policy,
      tuning: settings.tuning ?? DEFAULT_TUNING,
      maxAppsOfUser: usersFrom(root, refuse),
      userMaxAppsDefault: wholeIn(seen.get('userMaxAppsDefault'), refuse) ?? Number.POSITIVE_INFINITY,
    },
    policies: { placement, timeouts, acls: aclsOf(file, acls) },
  };
}

function aclsOf(file: string, texts: ReadonlyMap<string, QueueAclTexts>): QueueAcls {
  const name = file.slice(file.lastIndexOf('/') + 1);
  const acl = (found: AclText | undefined): QueueAcl | undefined =>
    found && { list: accessList(found.text), text: found.text, where: `${name}:${found.line}` };
  const all = new Map<string, { submit?: QueueAcl; administer?: QueueAcl }>();
  for (const [path, { submit, administer }] of texts) {
    const [one, other] = [acl(submit), acl(administer)];
    if (one ?? other) all.set(path, { ...(one && { submit: one }), ...(other && { administer: other }) });
  }
  return all;
}

export function unknownElement(tag: string, known: readonly string[]): string {
  const meant = nearest(tag, known);
  return `unknown element <${tag}>${meant === undefined ? '' : `; did you mean <${meant}>?`}`;
}

type Seen = ReadonlyMap<string, XmlElement>;

const wholeIn = (element: XmlElement | undefined, refuse: Refuse): number | undefined =>
  element === undefined ? undefined : numberOf(element, { least: 0, whole: true }, refuse);

function defaultsFrom(seen: Seen, refuse: Refuse): QueueDefaults {
  const [share, policy] = [
    seen.get('queueMaxAMShareDefault'),
    seen.get('defaultQueueSchedulingPolicy') ?? seen.get('defaultQueueSchedulingMode'),
  ];
  const most = seen.get('queueMaxResourcesDefault');
  return {
    maxRunningApps: wholeIn(seen.get('queueMaxAppsDefault'), refuse) ?? DEFAULTS.maxRunningApps,
    maxResources: most === undefined ? DEFAULTS.maxResources : amountsFrom(most.text, (detail) => refuse(most.line, detail)),
    maxAmShare: share === undefined ? DEFAULTS.maxAmShare : numberOf(share, { least: -1 }, refuse),
    policy: policy === undefined ? DEFAULTS.policy : defaultPolicyOf(policy, refuse),
  };
}

function defaultPolicyOf(element: XmlElement, refuse: Refuse): FairPolicy {
  const policy = policyOf(element, refuse);
  return policy === 'fifo' ? refuse(element.line, `<${element.tag}> can't be fifo: queues with others below them have it, too`) : policy;
}

function preemptionFrom(seen: Seen, refuse: Refuse): Pick<Inherited, 'minTimeoutMs' | 'fairTimeoutMs' | 'threshold'> {
  const fair = seen.get('defaultFairSharePreemptionTimeout') ?? seen.get('fairSharePreemptionTimeout');
  const min = seen.get('defaultMinSharePreemptionTimeout');
  const threshold = seen.get('defaultFairSharePreemptionThreshold');
  return {
    minTimeoutMs: min === undefined ? Number.POSITIVE_INFINITY : secondsOf(min, refuse) * 1000,
    fairTimeoutMs: fair === undefined ? Number.POSITIVE_INFINITY : secondsOf(fair, refuse) * 1000,
    threshold: threshold === undefined ? 0.5 : numberOf(threshold, { least: 0, most: 1 }, refuse),
  };
}

/** <queue name="root"> is the root itself; all others stand below it. */
function rootFrom(queues: readonly XmlElement[], inherited: Inherited): FairQueueConfig {
  const own = queues.find(({ attributes }) => /^\s*root\s*$/i.test(attributes['name'] ?? ''));
  const bare = { tag: 'queue', line: 1, attributes: { name: 'root' }, text: '', children: [] };
  const others = queues.filter((queue) => queue !== own);
  const merged = { ...(own ?? bare), attributes: { ...own?.attributes, name: 'root' }, children: [...(own?.children ?? []), ...others] };
  const root = queueFrom(merged, inherited);
  if (root.children.some(({ path }) => path === 'root.default')) return { ...root, isParent: true };
  // Nobody need name the queue of those who name none.
  return { ...root, isParent: true, children: [...root.children, bareQueue('root.default', root, inherited.defaults)] };
}

function usersFrom(root: XmlElement, refuse: Refuse): Map<string, number> {
  const found = new Map<string, number>();
  for (const { tag, line, attributes, children } of root.children) {
    if (tag !== 'user') continue;
    const name = attributes['name'];
    if (name === undefined || name === '') refuse(line, '<user> needs a name');
    if (found.has(name!)) refuse(line, `user ${name} is there twice`);
    for (const child of children) {
      if (child.tag !== 'maxRunningApps') refuse(child.line, unknownElement(child.tag, ['maxRunningApps']));
      found.set(name!, numberOf(child, { least: 0, whole: true }, refuse));
    }
  }
  return found;
}

function placementPolicy(element: XmlElement | undefined, settings: FairSettings, refuse: Refuse): PolicyEntry[] {
  if (element === undefined) return defaultPolicy(settings.userAsDefaultQueue, settings.allowUndeclaredPools);
  if (element.children.length === 0) refuse(element.line, '<queuePlacementPolicy> has no <rule>');
  return element.children.map((rule) => ruleFrom(rule, refuse));
}

function ruleFrom({ tag, line, attributes, children }: XmlElement, refuse: Refuse): PolicyEntry {
  if (tag !== 'rule') return refuse(line, unknownElement(tag, ['rule']));
  const name = POLICY_RULES.find((known) => known.toLowerCase() === attributes['name']?.toLowerCase());
  if (name === undefined) return refuse(line, `<rule> needs a name of ${POLICY_RULES.join(', ')}, not ${attributes['name'] ?? 'none'}`);
  const strange = Object.keys(attributes).find((key) => !RULE_ATTRIBUTES.includes(key));
  if (strange !== undefined) return refuse(line, `<rule name="${name}"> has ${strange}; a rule has ${RULE_ATTRIBUTES.join(', ')}`);
  if (attributes['queue'] !== undefined && name !== 'default')
    return refuse(line, `queue says nothing in the rule ${name}: default has one`);
  if (children.length > 1) return refuse(children[1]!.line, `the rule ${name} has more than one rule inside`);
  const create = attributes['create'];
  if (create !== undefined && create !== 'true' && create !== 'false') return refuse(line, `create is ${create}; expected true or false`);
  const [nested] = children;
  return {
    name,
    create: create !== 'false',
    queue: attributes['queue'],
    nested: nested === undefined ? undefined : ruleFrom(nested, refuse),
  };
}
