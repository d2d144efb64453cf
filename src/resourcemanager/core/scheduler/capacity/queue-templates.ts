// auto-queue-creation-v2 of one queue: what the file says of queues that are made below it for applications → templates, checked as the
// queues of the file are. What is made of them, and when, is auto-queues.ts.
// Source: YARN's AutoCreatedQueueTemplate and CapacitySchedulerConfiguration; `*` in a path stands for any name.
import type { Amount } from './amount.ts';
import type { AutoCreate, Property, QueueConfig, TemplateKind } from './config-types.ts';
import { type Inherited, numberOf, type OwnProperties, queueProperties, type QueueReader, truth } from './queue-properties.ts';

const PREFIX = 'yarn.scheduler.capacity.';
const V2 = 'auto-queue-creation-v2';
const DEFAULT_DEPTH = 2;
const DEFAULT_MAX = 1000;
/** A queue of one user need not keep him from what others leave, nor his drivers from each other. Source: YARN's LeafQueue.setDynamicQueueProperties. */
const DEFAULTS: Readonly<Record<TemplateKind, Readonly<Record<string, unknown>>>> = {
  template: {},
  'leaf-template': { capacity: '1w', 'user-limit-factor': -1, 'maximum-am-resource-percent': 1 },
  'parent-template': { capacity: '1w' },
};

export const makesQueues = (reader: QueueReader, path: string): boolean => truth(reader, reader.get(path, `${V2}.enabled`)) ?? false;

/** Seconds, for the whole cluster. */
export const expirationMs = (reader: QueueReader): number =>
  (numberOf(reader, reader.get('', `${V2}.queue-expiration-time`), { least: 0, most: 2 ** 31, whole: true }) ?? 300) * 1000;

/** Also where no queues are made now (`enabled: false`): what is written is checked. @returns undefined: none are made */
export function autoCreateOf(reader: QueueReader, path: string, inherited: Inherited): AutoCreate | undefined {
  const makes = makesQueues(reader, path);
  if (!makes && !reader.below(`${path}.${V2}`).length) return undefined;
  const depth = reader.get(path, `${V2}.maximum-queue-depth`) ?? reader.get('', `${V2}.maximum-queue-depth`);
  const levels = numberOf(reader, depth, { least: 1, most: 16, whole: true }) ?? DEFAULT_DEPTH;
  const made = level(reader, path, inherited, levels);
  return makes ? made : undefined;
}

function level(reader: QueueReader, path: string, inherited: Inherited, levels: number): AutoCreate {
  const child = `${path}.*`;
  const own = (word: string) =>
    patternsOf(path)
      .map((pattern) => reader.get(pattern, `${V2}.${word}`))
      .find((p) => p !== undefined);
  const expires = truth(reader, own('queue-auto-removal.enable')) ?? true;
  const made = (properties: OwnProperties): Omit<QueueConfig, 'autoCreate'> => ({ ...properties, children: [], dynamic: true, expires });
  const leafReader = templateReader(reader, path, ['leaf-template', 'template']);
  const leaf = queueProperties(leafReader, child, undefined, { leaf: true, inherited });
  mustBeWeights(leafReader, leaf.own);
  let parent: QueueConfig | undefined;
  if (levels > 1) {
    const parentReader = templateReader(reader, path, ['parent-template', 'template']);
    const between = queueProperties(parentReader, child, undefined, { leaf: false, inherited });
    mustBeWeights(parentReader, between.own);
    parent = { ...made(between.own), autoCreate: level(reader, child, between.forChildren, levels - 1) };
  }
  return {
    leaf: { ...made(leaf.own), autoCreate: undefined },
    parent,
    maxQueues: numberOf(reader, own('max-queues'), { least: 1, most: 2 ** 31, whole: true }) ?? DEFAULT_MAX,
    templates: {
      template: written(reader, path, 'template'),
      'leaf-template': written(reader, path, 'leaf-template'),
      'parent-template': written(reader, path, 'parent-template'),
    },
  };
}

/** `root.a.b` → `root.a.b`, `root.a.*`, `root.*.*`: what comes first counts. */
function patternsOf(path: string): string[] {
  const [root = '', ...names] = path.split('.');
  return Array.from({ length: names.length + 1 }, (_, i) =>
    [root, ...names.slice(0, names.length - i), ...Array<string>(i).fill('*')].join('.'),
  ).filter((pattern, i, all) => all.indexOf(pattern) === i);
}

/** Reads a queue's properties where templates have them. What is said of queues that are called so counts before what is said of all. */
function templateReader(reader: QueueReader, parent: string, kinds: readonly TemplateKind[]): QueueReader {
  const places = kinds.flatMap((kind) => patternsOf(parent).map((pattern) => ({ kind, pattern })));
  const get = (path: string, word: string): Property | undefined => {
    if (path === '') return reader.get('', word);
    // Leaves and those between have different ones, so what is for all is for leaves.
    const where =
      word.startsWith('ordering-policy') && kinds.includes('parent-template') ? places.filter(({ kind }) => kind !== 'template') : places;
    const found = where.map(({ kind, pattern }) => reader.get(pattern, `${V2}.${kind}.${word}`)).find((p) => p !== undefined);
    const value = found === undefined ? DEFAULTS[kinds[0]!][word] : undefined;
    if (value === undefined) return found;
    return { name: `${PREFIX}${parent}.${V2}.${kinds[0]}.${word}`, value, line: reader.get(parent, `${V2}.enabled`)?.line ?? 1 };
  };
  const below = (path: string): Property[] =>
    places.flatMap(({ kind, pattern }) => {
      const start = `${PREFIX}${pattern}.${V2}.${kind}.`;
      return reader
        .below(`${pattern}.${V2}`)
        .filter(({ name }) => name.startsWith(start))
        .map((p) => ({ ...p, name: `${PREFIX}${path}.${p.name.slice(start.length)}` }));
    });
  return { get, below, refuse: reader.refuse };
}

function written(reader: QueueReader, parent: string, kind: TemplateKind): Pick<Property, 'name' | 'value'>[] {
  const found = new Map<string, unknown>();
  for (const pattern of patternsOf(parent)) {
    const start = `${PREFIX}${pattern}.${V2}.${kind}.`;
    for (const { name, value } of reader.below(`${pattern}.${V2}`))
      if (name.startsWith(start) && !found.has(name.slice(start.length))) found.set(name.slice(start.length), value);
  }
  return [...found].map(([name, value]) => ({ name, value }));
}

const isWeight = (amount: Amount): boolean => amount.kind === 'weight' || (amount.kind === 'percent' && amount.percent === 0);

/** How many there will be is not known, so parts of a whole can't be said. */
function mustBeWeights(reader: QueueReader, { path, capacities }: OwnProperties): void {
  for (const [label, { capacity }] of capacities) {
    if (isWeight(capacity)) continue;
    const p = reader.get(path, label === '' ? 'capacity' : `accessible-node-labels.${label}.capacity`)!;
    reader.refuse(p.line, `${p.name} is ${JSON.stringify(p.value)}; queues that are made for applications have weights, such as 1w`);
  }
}

/** Those that the file has beside those that are made. */
export function checkSiblings(reader: QueueReader, { path, children, autoCreate }: QueueConfig): void {
  if (autoCreate === undefined) return;
  const other = children.find(({ capacities }) => [...capacities.values()].some(({ capacity }) => !isWeight(capacity)));
  if (other === undefined) return;
  reader.refuse(
    reader.get(path, `${V2}.enabled`)!.line,
    `queues are made below ${path} with weights, and its child ${other.name} has none; give all its children weights, such as 1w`,
  );
}
