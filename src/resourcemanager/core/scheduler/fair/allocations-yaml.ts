// fair-scheduler.yaml: the elements of fair-scheduler.xml as a map, for those who would rather not write XML. Properties with their
// lines → the same tree of elements that allocations.ts reads.
//
//   queues: { etl: { weight: 2, minResources: 4096 mb, schedulingPolicy: drf, queues: { nightly: { maxRunningApps: 3 } } } }
//   users: { ada: { maxRunningApps: 5 } }
//   queuePlacementPolicy: [specified, user]      a rule with more: { name: user, create: false }
import { AppError } from '../../../../common/errors.ts';
import type { XmlElement } from '../../../../common/xml-lines.ts';
import type { Property } from '../../placement/queue-mappings.ts';

type Open = { tag: string; line: number; attributes: Record<string, string>; children: Open[]; text: string };

/** What the map `queues` (`users`) holds is a <queue> (<user>) with that name. */
const NAMED: Readonly<Record<string, string>> = { queues: 'queue', users: 'user' };

/** @param properties with nested maps flattened at dots, so no queue has a dot in its name @throws AppError QUEUE_CONFIG_INVALID */
export function elementsFromYaml(file: string, properties: readonly Property[]): XmlElement {
  const root: Open = { tag: 'allocations', line: 1, attributes: {}, children: [], text: '' };
  for (const { name, value, line } of properties) {
    let at = root;
    const words = name.split('.');
    for (let i = 0; i < words.length; i++) {
      const named = NAMED[words[i]!];
      if (named !== undefined && i + 1 < words.length) at = childOf(at, { tag: named, name: words[++i]!, line });
      else at = childOf(at, { tag: words[i]!, name: undefined, line });
    }
    if (at.tag === 'queuePlacementPolicy') at.children.push(...rulesOf(file, value, line));
    else if (at.tag === 'type' && typeof value === 'string') setType(root, words, value);
    else if (value === null && (at.tag === 'queue' || at.tag === 'user')) continue;
    else at.text = String(value ?? '').trim();
  }
  return root;
}

function childOf(parent: Open, { tag, name, line }: { tag: string; name: string | undefined; line: number }): Open {
  const there = parent.children.find((child) => child.tag === tag && child.attributes['name'] === name);
  if (there !== undefined) return there;
  const made: Open = { tag, line, attributes: name === undefined ? {} : { name }, children: [], text: '' };
  parent.children.push(made);
  return made;
}

/** `type: parent` of a queue is an attribute in XML. */
function setType(root: Open, words: readonly string[], value: string): void {
  let at = root;
  for (let i = 0; i + 1 < words.length; i += 2) at = at.children.find((child) => child.attributes['name'] === words[i + 1]) ?? at;
  at.children = at.children.filter(({ tag }) => tag !== 'type');
  at.attributes['type'] = value;
}

function rulesOf(file: string, value: unknown, line: number): Open[] {
  const refuse = (detail: string): never => {
    throw new AppError('QUEUE_CONFIG_INVALID', { file, line, detail });
  };
  if (!Array.isArray(value)) return refuse('queuePlacementPolicy: expected a list of rules');
  const rule = (entry: unknown): Open => {
    const found = typeof entry === 'string' ? { name: entry } : entry;
    if (typeof found !== 'object' || found === null || Array.isArray(found))
      return refuse('queuePlacementPolicy: expected names of rules, or maps');
    const { nested, ...attributes } = found as Record<string, unknown>;
    const texts = Object.fromEntries(Object.entries(attributes).map(([key, text]) => [key, String(text)]));
    return { tag: 'rule', line, attributes: texts, children: nested === undefined ? [] : [rule(nested)], text: '' };
  };
  return value.map(rule);
}
