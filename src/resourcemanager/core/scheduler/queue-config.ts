// The queues of the capacity scheduler as the file says them: YARN's property names and their lines → a checked tree, or one fault with
// its line. Reading the file is platform/yaml-file.ts; one queue's properties are capacity/queue-properties.ts; what must hold between
// parents, children and siblings is capacity/queue-checks.ts; the living tree with what is used is capacity/queue.ts.
// Source of names and rules: YARN's CapacitySchedulerConfiguration.
import { AppError } from '../../../common/errors.ts';
import { nearest } from '../../../common/suggest.ts';
import type { CapacityConfig, Property, QueueConfig } from './capacity/config-types.ts';
import { checkChildren } from './capacity/queue-checks.ts';
import { autoCreateOf, checkSiblings, expirationMs, makesQueues } from './capacity/queue-templates.ts';
import { INHERITED_AT_ROOT, type Inherited, QUEUE_WORDS, queueProperties, type QueueReader } from './capacity/queue-properties.ts';

export type { CapacityConfig, LabelCapacity, Property, QueueConfig } from './capacity/config-types.ts';

const PREFIX = 'yarn.scheduler.capacity.';
const GLOBAL = {
  maximumApplications: 'maximum-applications',
  perQueue: 'global-queue-max-application',
  nodeDelay: 'node-locality-delay',
  rackDelay: 'rack-locality-additional-delay',
  continueLooking: 'reservations-continue-look-all-nodes',
  calculator: 'resource-calculator',
} as const;

/**
 * @param leftOut of a file that was written for YARN: hears of each property that has no effect here; default: it is refused
 * @throws AppError QUEUE_CONFIG_INVALID with the line of the first fault; nothing of a bad file is taken
 */
export function queuesFrom(file: string, properties: readonly Property[], leftOut?: (p: Property) => void): CapacityConfig {
  const refuse = (line: number, detail: string): never => {
    throw new AppError('QUEUE_CONFIG_INVALID', { file, line, detail });
  };
  const byName = new Map<string, Property>();
  for (const p of properties) {
    if (byName.has(p.name)) refuse(p.line, `${p.name} is set twice (before on line ${byName.get(p.name)!.line})`);
    byName.set(p.name, p);
  }
  const used = new Set<string>();
  const reader: QueueReader = {
    refuse,
    get(path, word) {
      const name = `${PREFIX}${path === '' ? '' : `${path}.`}${word}`;
      used.add(name);
      return byName.get(name);
    },
    below: (path) => [...byName.values()].filter(({ name }) => name.startsWith(`${PREFIX}${path}.`)),
  };
  const config: CapacityConfig = {
    kind: 'capacity',
    maximumApplications: whole(reader, GLOBAL.maximumApplications, 1) ?? 10_000,
    maximumApplicationsPerQueue: whole(reader, GLOBAL.perQueue, 1),
    nodeLocalityDelay: whole(reader, GLOBAL.nodeDelay, -1) ?? 40,
    rackLocalityAdditionalDelay: whole(reader, GLOBAL.rackDelay, -1) ?? -1,
    continueLooking: truth(reader, GLOBAL.continueLooking) ?? true,
    queueExpirationMs: expirationMs(reader),
    root: build(reader, 'root', undefined, INHERITED_AT_ROOT(reader)),
  };
  const calculator = reader.get('', GLOBAL.calculator);
  const another = calculator !== undefined && !/(^|\.)DominantResourceCalculator$/.test(String(calculator.value));
  if (another && leftOut !== undefined) leftOut(calculator);
  else if (another)
    refuse(
      calculator.line,
      `${calculator.name} is ${JSON.stringify(calculator.value)}; only DominantResourceCalculator is known here: memory, vcores and countable resources all count`,
    );
  for (const p of properties)
    if (!used.has(p.name)) {
      if (leftOut === undefined) refuse(p.line, unknownProperty(p.name, [...used]));
      else leftOut(p);
    }
  return config;
}

function build(reader: QueueReader, path: string, named: Property | undefined, inherited: Inherited): QueueConfig {
  const { refuse } = reader;
  const queues = reader.get(path, 'queues');
  const names = queues === undefined ? [] : listOf(queues.value);
  if (path === 'root' && names.length === 0) refuse(queues?.line ?? 1, `${PREFIX}root.queues names no queue`);
  for (const name of names) {
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(name))
      refuse(queues!.line, `${JSON.stringify(name)} is no name for a queue: letters, digits, _ and -`);
    if (QUEUE_WORDS.includes(name)) refuse(queues!.line, `a queue can't be called ${name}`);
  }
  if (new Set(names).size !== names.length) refuse(queues!.line, `${queues!.name} names a queue twice`);
  const { own, forChildren } = queueProperties(reader, path, named, {
    leaf: names.length === 0 && !makesQueues(reader, path),
    inherited,
  });
  const children = names.map((name) => build(reader, `${path}.${name}`, queues, forChildren));
  const queue: QueueConfig = { ...own, children, autoCreate: autoCreateOf(reader, path, forChildren), dynamic: false, expires: false };
  if (children.length > 0) checkChildren(reader, queue, queues!);
  checkSiblings(reader, queue);
  return queue;
}

export function listOf(value: unknown): string[] {
  const items = Array.isArray(value) ? value.map(String) : String(value ?? '').split(',');
  return items.map((item) => item.trim()).filter((item) => item !== '');
}

function whole(reader: QueueReader, word: string, least: number): number | undefined {
  const p = reader.get('', word);
  if (p === undefined) return undefined;
  const value = Number(p.value);
  if (String(p.value).trim() === '' || !Number.isSafeInteger(value) || value < least)
    reader.refuse(p.line, `${p.name} is ${JSON.stringify(p.value)}; expected a whole number of at least ${least}`);
  return value;
}

function truth(reader: QueueReader, word: string): boolean | undefined {
  const p = reader.get('', word);
  if (p === undefined) return undefined;
  if (!/^(true|false)$/i.test(String(p.value))) reader.refuse(p.line, `${p.name} is ${JSON.stringify(p.value)}; expected true or false`);
  return String(p.value).toLowerCase() === 'true';
}

function unknownProperty(name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  return `unknown property ${name}${meant === undefined ? '' : `; did you mean ${meant}?`}`;
}

/** What a cluster without a file has: one queue for all. */
export const DEFAULT_QUEUES: CapacityConfig = queuesFrom('built in', [
  { name: `${PREFIX}root.queues`, value: 'default', line: 1 },
  { name: `${PREFIX}root.default.capacity`, value: 100, line: 2 },
]);
