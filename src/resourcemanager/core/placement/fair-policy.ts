// Placement of the fair scheduler: the rules of queuePlacementPolicy in its allocations file → rules. What rules do is rules.ts; the
// file as a whole is scheduler/fair/allocations.ts. Source: YARN's QueuePlacementPolicy and its *PlacementRule classes.
import type { PlacementRules, Rule } from './rules.ts';

/** One <rule>, as XML or YAML had it; `nested` is the rule inside it. */
export type PolicyEntry = {
  readonly name: string;
  readonly create?: boolean | undefined;
  readonly queue?: string | undefined;
  readonly nested?: PolicyEntry | undefined;
};

const QUEUES: Readonly<Record<string, string>> = {
  specified: '%specified',
  user: 'root.%user',
  primaryGroup: 'root.%primary_group',
  secondaryGroupExistingQueue: 'root.%secondary_group',
};
/** Rules that can stand inside another one. */
const ABOVE = ['specified', 'primaryGroup', 'secondaryGroupExistingQueue', 'default'];
export const POLICY_RULES = [...Object.keys(QUEUES), 'nestedUserQueue', 'default', 'reject'];

/** Without a policy: what was asked for, else the user's own queue, as allow-undeclared-pools and user-as-default-queue say. */
export function defaultPolicy(userAsDefault: boolean, allowUndeclared: boolean): PolicyEntry[] {
  const specified: PolicyEntry = { name: 'specified', create: allowUndeclared };
  if (userAsDefault && allowUndeclared) return [specified, { name: 'user' }];
  return [specified, ...(userAsDefault ? [{ name: 'user', create: false }] : []), { name: 'default' }];
}

/** @throws through `refuse`, with a sentence */
export function fairPlacement(entries: readonly PolicyEntry[], refuse: (detail: string) => never): PlacementRules {
  const rules = entries.map((entry) => ruleOf(entry, refuse));
  const early = entries.findIndex(
    ({ name, create = true, nested }) =>
      nested === undefined &&
      (name === 'reject' || name === 'default' || (name === 'user' && create) || (name === 'primaryGroup' && create)),
  );
  if (early >= 0 && early < entries.length - 1) refuse(`the rules after ${entries[early]!.name} would never be reached`);
  return { rules, override: true, atEnd: 'reject' };
}

function ruleOf(entry: PolicyEntry, refuse: (detail: string) => never): Rule {
  const { name, create = true, nested } = entry;
  if (name === 'reject') return { when: { by: 'any' }, action: { do: 'reject' }, says: 'reject' };
  const under = nested?.create === false ? { underExisting: true } : {};
  return { when: { by: 'any' }, says: name, action: { do: 'place', queue: queueOf(entry, refuse), create, otherwise: 'skip', ...under } };
}

/** What a rule inside another one names is the queue above. */
function queueOf({ name, queue, nested }: PolicyEntry, refuse: (detail: string) => never): string {
  if (nested === undefined) {
    if (name === 'default') return full(queue ?? 'default');
    if (name === 'nestedUserQueue') return refuse(`nestedUserQueue needs a rule inside: ${ABOVE.join(', ')}`);
    return QUEUES[name] ?? refuse(`there is no placement rule ${name}; there are ${POLICY_RULES.join(', ')}`);
  }
  const own = name === 'nestedUserQueue' ? '%user' : QUEUES[name]?.replace(/^root\./, '');
  if (own === undefined || name === 'specified') return refuse(`a rule inside ${name} says nothing`);
  if (!ABOVE.includes(nested.name) || nested.nested !== undefined)
    return refuse(
      `${name} can have one rule inside: ${ABOVE.join(', ')}; not ${nested.nested === undefined ? nested.name : 'a rule in a rule'}`,
    );
  return `${queueOf(nested, refuse)}.${own}`;
}

const full = (queue: string): string => (queue === 'root' || queue.startsWith('root.') ? queue : `root.${queue}`);
