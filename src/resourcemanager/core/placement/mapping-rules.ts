// Placement rules as JSON, YARN's mapping-rule-format=json: the text of the property → rules, or one fault. `matches` on a tag is ours;
// `create` says whether a queue may be made, where the file makes queues at all. Source: YARN's MappingRuleCreator and its JSON schema.
import type { Property } from './queue-mappings.ts';
import { type Action, type Matcher, type Otherwise, type Rule, unknownVariable } from './rules.ts';

type Refuse = (line: number, detail: string) => never;

const FIELDS = ['type', 'matches', 'policy', 'parentQueue', 'fallbackResult', 'create', 'value', 'customPlacement'];
const TYPES: readonly Matcher['by'][] = ['user', 'group', 'application', 'tag'];
const FALLBACKS: Readonly<Record<string, Otherwise>> = { skip: 'skip', reject: 'reject', placeDefault: 'default' };
/** The queue of a policy, below parentQueue. */
const POLICIES: Readonly<Record<string, string>> = {
  specified: '%specified',
  defaultQueue: '%default',
  user: '%user',
  primaryGroup: '%primary_group',
  secondaryGroup: '%secondary_group',
  primaryGroupUser: '%primary_group.%user',
  secondaryGroupUser: '%secondary_group.%user',
  applicationName: '%application',
};

export function mappingRules({ name, value, line }: Property, refuse: Refuse): Rule[] {
  let parsed: unknown = value;
  if (typeof value === 'string') {
    try {
      parsed = JSON.parse(value);
    } catch (error) {
      return refuse(line, `${name} is no JSON: ${(error as Error).message}`);
    }
  }
  const list = Array.isArray(parsed) ? parsed : (parsed as { rules?: unknown } | null)?.rules;
  if (!Array.isArray(list)) return refuse(line, `${name}: expected {"rules": [...]}`);
  return list.map((entry: unknown, i) => {
    const at = `${name}: rules[${i}]`;
    if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return refuse(line, `${at}: expected a rule`);
    return ruleFrom(entry as Record<string, unknown>, (detail) => refuse(line, `${at}: ${detail}`));
  });
}

function ruleFrom(entry: Record<string, unknown>, refuse: (detail: string) => never): Rule {
  const unknown = Object.keys(entry).find((field) => !FIELDS.includes(field));
  if (unknown !== undefined) return refuse(`unknown field ${unknown}; there are ${FIELDS.join(', ')}`);
  const text = (field: string): string | undefined => {
    const value = entry[field];
    return value === undefined || typeof value === 'string' ? value : refuse(`${field} must be text`);
  };
  const by = text('type') as Matcher['by'] | undefined;
  if (by === undefined || !TYPES.includes(by)) return refuse(`type must be one of ${TYPES.join(', ')}`);
  const is = text('matches');
  if (is === undefined || is === '') return refuse('matches is missing; "*" stands for all');
  if (is === '*' && (by === 'group' || by === 'tag')) return refuse(`"*" can't stand for a ${by}`);
  const { create = false } = entry;
  if (typeof create !== 'boolean') return refuse('create must be true or false');
  const when: Matcher = is === '*' || by === 'any' ? { by: 'any' } : { by, is };
  return { when, action: actionFrom(text, create, refuse), says: `${by}:${is}:${text('policy')}` };
}

function actionFrom(text: (field: string) => string | undefined, create: boolean, refuse: (detail: string) => never): Action {
  const policy = text('policy');
  const fallback = text('fallbackResult') ?? 'skip';
  const otherwise = FALLBACKS[fallback];
  if (otherwise === undefined) return refuse(`fallbackResult must be one of ${Object.keys(FALLBACKS).join(', ')}`);
  const checked = (field: string): string => {
    const queue = text(field);
    if (queue === undefined || queue === '') return refuse(`policy ${policy} needs ${field}`);
    const unknown = unknownVariable(queue);
    return unknown === undefined ? queue : refuse(`there is no variable ${unknown}`);
  };
  if (policy === 'reject') return { do: 'reject' };
  if (policy === 'setDefaultQueue') return { do: 'setDefault', queue: checked('value') };
  if (policy === 'custom') return { do: 'place', queue: checked('customPlacement'), create, otherwise };
  const own = policy === undefined ? undefined : POLICIES[policy];
  if (own === undefined)
    return refuse(`policy must be one of ${[...Object.keys(POLICIES), 'reject', 'setDefaultQueue', 'custom'].join(', ')}`);
  const parent = text('parentQueue');
  if (parent === undefined) return { do: 'place', queue: own, create, otherwise };
  if (policy === 'specified' || policy === 'defaultQueue') return refuse(`policy ${policy} takes no parentQueue`);
  return { do: 'place', queue: `${parent}.${own}`, create, otherwise };
}
