// What is read with the queues and is no business of a scheduler: who goes in which queue (placement/), and for how long applications
// may live and wait there (timeouts.ts). Words, and the reader of the times in capacity-scheduler.yaml.
import { AppError } from '../../common/errors.ts';
import { parseTimeMs } from '../../common/key.ts';
import type { QueueAcls } from './acls/may-user.ts';
import { NO_RULES, type PlacementRules } from './placement/rules.ts';
import { type Property, placementFrom, withoutPlacement } from './placement/queue-mappings.ts';
import type { SchedulerConfig } from './scheduler/create-scheduler.ts';

/** Seconds; undefined: no limit. What a queue sets for its applications. */
export type QueueTimeouts = {
  readonly maximumLifetimeSec?: number | undefined;
  readonly defaultLifetimeSec?: number | undefined;
  readonly maximumWaitSec?: number | undefined;
};
/** Times by the path of the queue; of leaves that are made below `root.users` by `root.users.*`. */
export type QueuePolicies = {
  readonly placement: PlacementRules;
  readonly timeouts: ReadonlyMap<string, QueueTimeouts>;
  readonly acls?: QueueAcls | undefined;
};

/** What the files say. */
export type QueuesRead = { readonly queues: SchedulerConfig; readonly policies: QueuePolicies };

export const NO_POLICIES: QueuePolicies = { placement: NO_RULES, timeouts: new Map() };

const LIFETIME = /^yarn\.scheduler\.capacity\.(root(?:\..+)?)\.(maximum|default)-application-lifetime$/;
const WAIT = /^emberloom\.scheduler\.(root(?:\..+)?)\.maximum-queue-wait$/;
const TEMPLATE = /\.auto-queue-creation-v2\.(leaf-template|template)$/;
type QueueNode = { readonly path: string; readonly children: readonly QueueNode[]; readonly autoCreate?: unknown };

/** The properties that are not policies': what the reader of the queue tree is given. */
export const withoutPolicies = <P extends Property>(properties: readonly P[]): P[] =>
  withoutPlacement(properties).filter((p) => !LIFETIME.test(p.name) && !WAIT.test(p.name));

/**
 * A queue has its parent's times unless it says otherwise; -1 (or 0) says that it has none.
 * @throws AppError QUEUE_CONFIG_INVALID with the line; nothing of a bad file is taken
 */
export function policiesFrom(file: string, properties: readonly Property[], root: QueueNode): QueuePolicies {
  const own = new Map<string, { timeouts: Record<string, number | undefined>; line: number }>();
  for (const p of properties) {
    const match = LIFETIME.exec(p.name) ?? WAIT.exec(p.name);
    if (match === null) continue;
    const [, written = '', which] = match;
    const path = written.replace(TEMPLATE, '.*');
    const found = own.get(path) ?? { timeouts: {}, line: p.line };
    found.timeouts[which === undefined ? 'maximumWaitSec' : `${which}LifetimeSec`] = secondsOf(file, p);
    own.set(path, found);
  }
  const timeouts = new Map<string, QueueTimeouts>();
  const walk = (queue: QueueNode, inherited: QueueTimeouts): void => {
    const mine = own.get(queue.path);
    own.delete(queue.path);
    const all: QueueTimeouts = { ...inherited, ...mine?.timeouts };
    if ((all.defaultLifetimeSec ?? 0) > (all.maximumLifetimeSec ?? Number.POSITIVE_INFINITY))
      refuse(
        file,
        mine?.line ?? 1,
        `queue ${queue.path}: default-application-lifetime ${all.defaultLifetimeSec} is above its maximum ${all.maximumLifetimeSec}`,
      );
    timeouts.set(queue.path, all);
    for (const child of queue.children) walk(child, all);
    if (queue.autoCreate !== undefined) walk({ path: `${queue.path}.*`, children: [] }, all);
  };
  walk(root, {});
  for (const [path, { line }] of own) refuse(file, line, `there is no queue ${path}`);
  return { placement: placementFrom(file, properties), timeouts };
}

/** A queue that was made has what its template says, or else what the nearest queue of the file above it has. */
export function timeoutsFor({ timeouts }: QueuePolicies, path: string): QueueTimeouts {
  const above = path.slice(0, Math.max(0, path.lastIndexOf('.')));
  let found = timeouts.get(path) ?? timeouts.get(`${above}.*`);
  for (let at = above; found === undefined && at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) found = timeouts.get(at);
  return found ?? {};
}

function secondsOf(file: string, { name, value, line }: Property): number | undefined {
  const ms = /^-?\d+$/.test(String(value)) ? Number(value) * 1000 : parseTimeMs(String(value), 's');
  if (ms === undefined)
    return refuse(file, line, `${name} is ${JSON.stringify(value)}; expected seconds, or a time such as 10min; -1 for no limit`);
  return ms <= 0 ? undefined : ms / 1000;
}

function refuse(file: string, line: number, detail: string): never {
  throw new AppError('QUEUE_CONFIG_INVALID', { file, line, detail });
}
