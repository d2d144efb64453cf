// Placement of the fair scheduler: the rules of queuePlacementPolicy in its allocations file → rules. What rules do is rules.ts; the
// file as a whole is scheduler/fair/allocations.ts. Source: YARN's QueuePlacementPolicy and its *PlacementRule classes.
import type { PlacementRules, Rule } from './rules.ts';

/** One <rule>, as XML or YAML had it; `nested` is the rule inside nestedUserQueue. */
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
    ({ name, create = true }) =>
      name === 'reject' || name === 'default' || (name === 'user' && create) || (name === 'primaryGroup' && create),
  );
  if (early >= 0 && early < entries.length - 1) refuse(`the rules after ${entries[early]!.name} would never be reached`);
  return { rules, override: true, atEnd: 'reject' };
}

function ruleOf(entry: PolicyEntry, refuse: (detail: string) => never): Rule {
  const { name, create = true } = entry;
  if (name === 'reject') return { when: { by: 'any' }, action: { do: 'reject' }, says: 'reject' };
  return { when: { by: 'any' }, says: name, action: { do: 'place', queue: queueOf(entry, refuse), create, otherwise: 'skip' } };
}

function queueOf({ name, queue, nested }: PolicyEntry, refuse: (detail: string) => never): string {
  if (name === 'default') return full(queue ?? 'default');
  if (name === 'nestedUserQueue') {
    if (nested === undefined || nested.name === 'user' || nested.name === 'nestedUserQueue' || nested.name === 'reject')
      return refuse('nestedUserQueue needs a rule inside: specified, primaryGroup, secondaryGroupExistingQueue or default');
    return `${queueOf(nested, refuse)}.%user`;
  }
  return QUEUES[name] ?? refuse(`there is no placement rule ${name}; there are ${POLICY_RULES.join(', ')}`);
}

const full = (queue: string): string => (queue === 'root' || queue.startsWith('root.') ? queue : `root.${queue}`);
