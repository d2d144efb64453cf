// May this user do this? One function for every door of the ResourceManager (clients, REST), over plain data: deterministic, no
// look-ups. Who the user is, and which groups he has, is found out before (service/access.ts).
// Source: YARN's ClientRMService.checkAccess, ApplicationACLsManager, QueueACLsManager, AdminService.
//
//   administer          admins
//   submit to a queue   admins · acl_submit_applications or acl_administer_queue of the queue or of one above it
//   view, modify        the owner · admins · the application's own lists · acl_administer_queue of its queue or of one above it
import { type AccessList, type Caller, EVERYBODY, grants, NOBODY } from '../../../common/access-list.ts';

/** What a file says of one queue; a queue of which it says nothing adds nothing to what its parent grants. */
export type QueueAcl = { readonly list: AccessList; readonly text: string; readonly where: string };
export type QueueAcls = ReadonlyMap<string, { readonly submit?: QueueAcl | undefined; readonly administer?: QueueAcl | undefined }>;

export type Policy = {
  /** yarn.acl.enable */
  readonly enabled: boolean;
  /** Whoever runs the ResourceManager. */
  readonly owner: string;
  readonly admins: AccessList;
  readonly adminText: string;
  readonly queues: QueueAcls;
};

/** Nobody is refused: embedded clusters and tests. */
export const OPEN_POLICY: Policy = { enabled: false, owner: '', admins: NOBODY, adminText: '', queues: new Map() };

export type ApplicationRights = {
  readonly id: string;
  readonly user: string;
  readonly queue: string;
  readonly viewAcl?: string | undefined;
  readonly modifyAcl?: string | undefined;
  readonly lists: { readonly view: AccessList; readonly modify: AccessList };
};

export type Act =
  | { readonly tag: 'administer'; readonly what: string }
  | { readonly tag: 'submit'; readonly queue: string }
  | { readonly tag: 'administerQueue'; readonly queue: string }
  | { readonly tag: 'view'; readonly application: ApplicationRights }
  | { readonly tag: 'modify'; readonly application: ApplicationRights };

export type Refusal = {
  /** YARN's word: ADMINISTER, SUBMIT_APP, VIEW_APP, MODIFY_APP, ADMINISTER_QUEUE. */
  readonly operation: string;
  readonly target: string;
  /** Settings of which one would have to name the user, with where they are and what they say now. */
  readonly grants: readonly string[];
};

/** @returns undefined: he may */
export function mayUser(policy: Policy, caller: Caller, act: Act): Refusal | undefined {
  if (!policy.enabled || isAdmin(policy, caller)) return undefined;
  const admin = `yarn.admin.acl (now ${quoted(policy.adminText)})`;
  switch (act.tag) {
    case 'administer':
      return { operation: 'ADMINISTER', target: act.what, grants: [admin] };
    case 'submit': {
      const { queue } = act;
      if (onQueue(policy, caller, queue, 'submit') || onQueue(policy, caller, queue, 'administer')) return undefined;
      return {
        operation: 'SUBMIT_APP',
        target: `queue ${queue}`,
        grants: [...said(policy, queue, 'submit'), ...said(policy, queue, 'administer'), admin],
      };
    }
    case 'administerQueue': {
      if (onQueue(policy, caller, act.queue, 'administer')) return undefined;
      return { operation: 'ADMINISTER_QUEUE', target: `queue ${act.queue}`, grants: [...said(policy, act.queue, 'administer'), admin] };
    }
    case 'view':
    case 'modify': {
      const { user, queue, id, lists, viewAcl, modifyAcl } = act.application;
      if (user === caller.user || grants(lists[act.tag], caller) || onQueue(policy, caller, queue, 'administer')) return undefined;
      const own =
        act.tag === 'view'
          ? `spark.ui.view.acls of the application (now ${quoted(viewAcl ?? '')})`
          : `spark.modify.acls of the application (now ${quoted(modifyAcl ?? '')})`;
      return {
        operation: act.tag === 'view' ? 'VIEW_APP' : 'MODIFY_APP',
        target: `${id} of ${user} in queue ${queue}`,
        grants: [own, ...said(policy, queue, 'administer'), admin],
      };
    }
    default:
      return act satisfies never;
  }
}

export const isAdmin = (policy: Policy, caller: Caller): boolean => caller.user === policy.owner || grants(policy.admins, caller);

/** Whether a group could make a difference: only then the system is asked for the caller's. */
export function mentionsGroups(policy: Policy, act: Act): boolean {
  const lists: AccessList[] = [policy.admins];
  if (act.tag === 'view' || act.tag === 'modify') lists.push(act.application.lists[act.tag]);
  const queue = 'queue' in act ? act.queue : 'application' in act ? act.application.queue : undefined;
  for (const path of queue === undefined ? [] : upwards(queue)) {
    const { submit, administer } = policy.queues.get(path) ?? {};
    if (submit) lists.push(submit.list);
    if (administer) lists.push(administer.list);
  }
  return lists.some((list) => list.groups.size > 0);
}

type Right = 'submit' | 'administer';

/** A parent grants what its children do not refuse: they can't. Source: YARN's AbstractCSQueue.hasAccess. */
function onQueue(policy: Policy, caller: Caller, queue: string, right: Right): boolean {
  return upwards(queue).some((path) => grants(listOf(policy, path, right), caller));
}

/** root without a word: everybody may submit there, only admins administer it (YARN: everybody may both). */
function listOf(policy: Policy, path: string, right: Right): AccessList {
  return policy.queues.get(path)?.[right]?.list ?? (path === 'root' && right === 'submit' ? EVERYBODY : NOBODY);
}

function said(policy: Policy, queue: string, right: Right): string[] {
  return upwards(queue).map((path) => {
    const acl = policy.queues.get(path)?.[right];
    const name = `yarn.scheduler.capacity.${path}.acl_${right === 'submit' ? 'submit_applications' : 'administer_queue'}`;
    return acl === undefined ? `${name} (not set)` : `${name} (${acl.where}, now ${quoted(acl.text)})`;
  });
}

/** `root.a.b` → `root.a.b`, `root.a`, `root`. */
function upwards(queue: string): string[] {
  const parts = queue.split('.');
  return parts.map((_, i) => parts.slice(0, parts.length - i).join('.'));
}

const quoted = (text: string): string => `"${text}"`;
