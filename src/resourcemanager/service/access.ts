// Who asks, whether he may, and the line about it in the audit log: what every door of the ResourceManager shares (clients on the
// wire, REST). The rule itself is core/acls/may-user.ts; here are the look-ups that it needs.
//
//   const who = access.who('client:ann', channel)      proved by the cluster's secret, so it may be any name
//   await access.may(who, { tag: 'modify', application: rightsOf(a) }, { operation: 'Kill Application Request', … })
import { type AuditRecord, auditLine, type AuditSink } from '../../common/audit-line.ts';
import { accessList, type Caller, NOBODY } from '../../common/access-list.ts';
import { AppError } from '../../common/errors.ts';
import { mustBeAllowed } from '../core/acls/admission.ts';
import { type Act, type ApplicationRights, isAdmin, mayUser, type Refusal } from '../core/acls/may-user.ts';
import { mayImpersonate, type ProxyRules } from '../core/acls/proxy-rules.ts';
import type { Cluster } from '../core/cluster.ts';
import type { Application } from '../core/entities.ts';

/** Somebody who has proved who he is. */
export type Who = {
  /** In whose name he acts. */
  readonly user: string;
  /** Who proved himself. */
  readonly real: string;
  /** He has the cluster's secret: he could be anybody. */
  readonly trusted: boolean;
  /** `local` for a Unix socket. */
  readonly ip: string;
  /** He may look and not touch (a browser without a token). */
  readonly readOnly?: boolean | undefined;
};

export type AccessParts = {
  readonly cluster: Cluster;
  /** Groups as the system says them; asked for those who are not the owner. */
  readonly groupsOf: (user: string) => Promise<readonly string[]>;
  readonly proxies: ProxyRules;
  readonly audit: AuditSink;
  /** yarn.webapp.filter-entity-list-by-user */
  readonly hideOthers: boolean;
};

type About = Pick<AuditRecord, 'operation' | 'target'> & Partial<AuditRecord>;

export class Access {
  readonly #parts: AccessParts;
  /** Changed by yarn rmadmin -refreshSuperUserGroupsConfiguration. */
  proxies: ProxyRules;

  constructor(parts: AccessParts) {
    this.#parts = parts;
    this.proxies = parts.proxies;
  }

  get hideOthers(): boolean {
    return this.#parts.hideOthers;
  }

  groupsOf(user: string): Promise<readonly string[]> {
    return this.#parts.groupsOf(user);
  }

  async caller(user: string): Promise<Caller> {
    const { cluster, groupsOf } = this.#parts;
    // Of the owner nothing depends on groups, and nothing waits for them.
    return { user, groups: !cluster.policy.enabled || user === cluster.policy.owner ? [] : await groupsOf(user) };
  }

  /**
   * The same person in another's name, where the message says one.
   * @throws AppError IMPERSONATION_DENIED, noted in the audit log
   */
  async inNameOf(who: Who, user: string, about: About): Promise<Who> {
    if (user === '' || user === who.user) return who;
    const { cluster } = this.#parts;
    const reason =
      who.trusted || !cluster.policy.enabled || who.real === cluster.policy.owner
        ? undefined
        : mayImpersonate(
            this.proxies,
            who.real,
            { user, groups: await this.#parts.groupsOf(user) },
            who.ip === 'local' ? 'localhost' : who.ip,
          );
    if (reason === undefined) return { ...who, user };
    this.note(who, { ...about, description: `not allowed to impersonate ${user}: ${reason}`, permissions: `hadoop.proxyuser.${who.real}` });
    throw new AppError('IMPERSONATION_DENIED', { user: who.real, other: user, reason });
  }

  /**
   * Asked before something is done. A refusal is written down; what was allowed is written down by whoever did it (note).
   * @throws AppError ACCESS_DENIED
   */
  async may(who: Who, act: Act, about: About): Promise<Caller> {
    const caller = await this.caller(who.user);
    if (who.readOnly && act.tag === 'view') return caller;
    try {
      if (who.readOnly && act.tag !== 'view')
        throw new AppError('ACCESS_DENIED', {
          user: who.user,
          operation: 'WRITE',
          target: about.operation,
          grants: ['a token (emberloom user token) as Authorization: Bearer'],
        });
      mustBeAllowed(this.#parts.cluster, caller, act);
      return caller;
    } catch (error) {
      this.failed(who, about, error);
      throw error;
    }
  }

  /** Quietly. @returns undefined: he may */
  refusal(caller: Caller, act: Act): Refusal | undefined {
    return mayUser(this.#parts.cluster.policy, caller, act);
  }

  /** For lists: quietly. */
  canView(caller: Caller, who: Who, application: Application): boolean {
    return (
      who.readOnly === true ||
      mayUser(this.#parts.cluster.policy, caller, { tag: 'view', application: rightsOf(application) }) === undefined
    );
  }

  isAdmin(caller: Caller): boolean {
    const { policy } = this.#parts.cluster;
    return !policy.enabled || isAdmin(policy, caller);
  }

  /** What was done, or (with a description) what was not. */
  note(who: Pick<Who, 'user' | 'real' | 'ip'>, about: About): void {
    this.#parts.audit.write(auditLine({ user: who.user, realUser: who.real, ip: who.ip, ...about }));
  }

  /** What was refused, in the words of the refusal. */
  failed(who: Pick<Who, 'user' | 'real' | 'ip'>, about: About, error: unknown): void {
    const { message, params } = error as { message?: string; params?: { grants?: readonly string[] } };
    this.note(who, { ...about, description: message ?? String(error), permissions: params?.grants?.join('; ') ?? '' });
  }

  /** Does it, and writes down how it went. */
  async noted<T>(who: Who, about: About, run: () => Promise<T>): Promise<T> {
    try {
      const done = await run();
      this.note(who, about);
      return done;
    } catch (error) {
      this.failed(who, about, error);
      throw error;
    }
  }
}

/** Source: RMAppImpl's and RMAuditLogger's words. */
export function noteEnd(access: Access, { id, submission, state }: Application): void {
  if (!('ending' in state)) return;
  const { user, queue } = submission;
  const { finalStatus, diagnostics } = state.ending;
  const [operation, bad] =
    state.tag === 'KILLED'
      ? ['Application Finished - Killed', false]
      : finalStatus === 'SUCCEEDED'
        ? ['Application Finished - Succeeded', false]
        : ['Application Finished - Failed', true];
  access.note(
    { user, real: user, ip: 'local' },
    { operation, target: 'RMAppManager', applicationId: id, queue, ...(bad && { description: diagnostics, permissions: '' }) },
  );
}

const parsed = new Map<string, ReturnType<typeof accessList>>();

function listOf(text: string | undefined): ReturnType<typeof accessList> {
  if (text === undefined || text.trim() === '') return NOBODY;
  let list = parsed.get(text);
  if (list === undefined) {
    if (parsed.size > 10_000) parsed.clear();
    parsed.set(text, (list = accessList(text)));
  }
  return list;
}

export function rightsOf({ id, submission }: Pick<Application, 'id' | 'submission'>): ApplicationRights {
  const { user, queue, viewAcl, modifyAcl } = submission;
  return { id, user, queue, viewAcl, modifyAcl, lists: { view: listOf(viewAcl), modify: listOf(modifyAcl) } };
}
