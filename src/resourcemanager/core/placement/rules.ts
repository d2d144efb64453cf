// In which queue an application goes: a list of rules, the first that answers decides. Words and evaluation only; how rules are
// written in files is queue-mappings.ts, mapping-rules.ts (capacity) and fair-policy.ts (fair). Pure: who the user's groups are comes in.
// Source: YARN's CSMappingPlacementRule and FairScheduler's PlacementRule classes.

/** Who submits what. `queue` is what he asked for; `default` and nothing mean that he did not. */
export type Applicant = {
  readonly user: string;
  /** The primary group first. */
  readonly groups: readonly string[];
  readonly queue: string;
  readonly name: string;
  readonly tags: readonly string[];
};

/** What the queue tree says of a name or path, without changing it. */
export type QueueView = {
  /** The path of the queue of that path, or of the only leaf of that name. */
  readonly find: (nameOrPath: string) => string | undefined;
  readonly isLeaf: (path: string) => boolean;
  /** A leaf may be made there for one application's sake. */
  readonly mayCreate: (path: string) => boolean;
};

export type Matcher = { readonly by: 'any' } | { readonly by: 'user' | 'group' | 'application' | 'tag'; readonly is: string };

/**
 * `queue` may hold %user, %primary_group, %secondary_group, %application, %specified, %default. `create`: a leaf that is not there is
 * made, where the scheduler can. `otherwise`: what to do when there is no such queue.
 */
export type Action =
  | {
      readonly do: 'place';
      readonly queue: string;
      readonly create: boolean;
      readonly otherwise: Otherwise;
      /** Only below a queue that is there: that one is not made. */
      readonly underExisting?: boolean;
    }
  | { readonly do: 'setDefault'; readonly queue: string }
  | { readonly do: 'reject' };
export type Otherwise = 'skip' | 'reject' | 'default';
export type Rule = { readonly when: Matcher; readonly action: Action /** As a person wrote it. */; readonly says: string };

export type PlacementRules = {
  readonly rules: readonly Rule[];
  /** The rules decide even where the submitter named a queue. */
  readonly override: boolean;
  /** After the last rule: what was asked for (capacity), or a refusal (fair). */
  readonly atEnd: 'specified' | 'reject';
};

export const NO_RULES: PlacementRules = { rules: [], override: false, atEnd: 'specified' };

/** `queue`: a path of a leaf (perhaps still to be made), or, where nothing placed it, the name that was asked for. */
export type Placement =
  | { readonly tag: 'placed'; readonly queue: string; readonly create: boolean; readonly by: string }
  | { readonly tag: 'rejected'; readonly reason: string };

const DEFAULT = 'default';
const named = (queue: string): boolean => queue !== '' && queue !== DEFAULT && queue !== `root.${DEFAULT}`;

export function place(placement: PlacementRules, who: Applicant, queues: QueueView): Placement {
  const asked: Placement = { tag: 'placed', queue: who.queue === '' ? DEFAULT : who.queue, create: true, by: 'as asked for' };
  if (placement.rules.length === 0 || (named(who.queue) && !placement.override)) return asked;
  let fallback = DEFAULT;
  for (const { when, action, says } of placement.rules) {
    if (!matches(when, who)) continue;
    if (action.do === 'reject') return { tag: 'rejected', reason: `the placement rule ${says} turns it away` };
    if (action.do === 'setDefault') {
      fallback = fill(action.queue, who, queues, fallback) ?? fallback;
      continue;
    }
    const found = target(action, who, queues, fallback);
    if (found !== undefined) return { tag: 'placed', ...found, by: says };
    if (action.otherwise === 'reject')
      return { tag: 'rejected', reason: `the placement rule ${says} names a queue that is not there or takes no applications` };
    if (action.otherwise === 'default') return { tag: 'placed', queue: fallback, create: false, by: says };
  }
  if (placement.atEnd === 'reject') return { tag: 'rejected', reason: 'no placement rule takes it' };
  return named(who.queue) ? asked : { ...asked, queue: fallback };
}

function matches(when: Matcher, { user, groups, name, tags }: Applicant): boolean {
  switch (when.by) {
    case 'any':
      return true;
    case 'user':
      return when.is === user;
    case 'group':
      return groups.includes(when.is);
    case 'application':
      return when.is === name;
    case 'tag':
      return tags.includes(when.is);
    default:
      return when satisfies never;
  }
}

type Place = Extract<Action, { do: 'place' }>;

function target(action: Place, who: Applicant, queues: QueueView, fallback: string): { queue: string; create: boolean } | undefined {
  const filled = fill(action.queue, who, queues, fallback);
  if (filled === undefined) return undefined;
  const path = queues.find(filled);
  if (path !== undefined) return queues.isLeaf(path) ? { queue: path, create: false } : undefined;
  const above = filled.slice(0, filled.lastIndexOf('.'));
  if (action.underExisting && queues.find(above) !== above) return undefined;
  return action.create && queues.mayCreate(filled) ? { queue: filled, create: true } : undefined;
}

/** @returns undefined when a part of it is not known: no group, no queue asked for */
function fill(queue: string, who: Applicant, queues: QueueView, fallback: string): string | undefined {
  let known = true;
  const filled = queue.replace(/%[a-z_]+/g, (variable) => {
    const value = valueOf(variable, { queue, who, queues, fallback });
    if (value === undefined) known = false;
    return value ?? '';
  });
  return known ? filled : undefined;
}

type Filling = { readonly queue: string; readonly who: Applicant; readonly queues: QueueView; readonly fallback: string };

function valueOf(variable: string, { queue, who, queues, fallback }: Filling): string | undefined {
  switch (variable) {
    case '%user':
      return word(who.user);
    case '%primary_group':
      return who.groups[0] === undefined ? undefined : word(who.groups[0]);
    case '%secondary_group':
      return secondary(queue, who, queues);
    case '%application':
      return who.name === '' ? undefined : word(who.name);
    case '%specified':
      return named(who.queue) ? who.queue : undefined;
    case '%default':
      return fallback;
    default:
      return undefined;
  }
}

/** The first of the other groups for which there is a queue. */
function secondary(queue: string, who: Applicant, queues: QueueView): string | undefined {
  const upTo = queue
    .slice(0, queue.indexOf('%secondary_group'))
    .replaceAll('%user', word(who.user))
    .replaceAll('%primary_group', word(who.groups[0] ?? ''))
    .replaceAll('%specified', who.queue);
  return who.groups
    .slice(1)
    .map(word)
    .find((group) => queues.find(upTo + group) !== undefined);
}

/** Dots part queues; YARN writes them so. */
const word = (name: string): string => name.trim().replaceAll('.', '_dot_').replace(/\s+/g, '_');

export const VARIABLES = ['%user', '%primary_group', '%secondary_group', '%application', '%specified', '%default'] as const;

/** @returns the first variable that there is not, for the reader of a file to refuse */
export const unknownVariable = (queue: string): string | undefined =>
  (queue.match(/%[A-Za-z_]*/g) ?? []).find((v) => !(VARIABLES as readonly string[]).includes(v));
