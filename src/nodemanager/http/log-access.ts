// Who may do what on a node over HTTP: one question, which the ResourceManager answers (rpc/messages/node-questions.ts), as it does for its own
// pages: owner, the application's lists, who administers its queue, admins, by name and by group. While it is away the node says yes to whom it
// knows by itself: whoever runs it, the owner of a container that it has, and admins by name. Source: YARN's ContainerLogsUtils.getContainerLogDirs,
// ApplicationACLsManager.
import { userInfo } from 'node:os';
import { accessList, grants } from '../../common/access-list.ts';
import { KEYS } from '../../common/config-keys.ts';
import { AppError } from '../../common/errors.ts';
import type { ApplicationId } from '../../common/ids.ts';
import type { Settings } from '../../common/settings.ts';
import type { WebUser } from '../../web/authenticate.ts';
import type { Container } from '../core/container-machine.ts';
import type { Refused, RightsQuestion } from '../service/ask-rights.ts';

/** Of NodeView. */
type View = {
  containers(): readonly Pick<Container, 'applicationId' | 'user'>[];
  /** @throws AppError when the ResourceManager is away */
  rights(question: RightsQuestion): Promise<readonly Refused[]>;
};

export class NodeAccess {
  readonly #view: View;
  readonly #settings: Settings;

  constructor(view: View, settings: Settings) {
    this.#view = view;
    this.#settings = settings;
  }

  /** Logs, diagnostics. @param operation for the audit log @throws AppError ACCESS_DENIED */
  async mustView(who: WebUser, applicationId: ApplicationId, operation: string): Promise<void> {
    const [refusal] = await this.#refused(who, { applicationIds: [applicationId], operation });
    if (refusal !== undefined) throw new AppError('ACCESS_DENIED', { user: who.user, ...refusal });
  }

  /** For lists: those that he may not view. */
  async hidden(who: WebUser, applicationIds: readonly ApplicationId[]): Promise<ReadonlySet<string>> {
    return new Set((await this.#refused(who, { applicationIds: [...new Set(applicationIds)] })).map(({ what }) => what));
  }

  /** Settings, stacks and logs of this process tell about everybody. @throws AppError ACCESS_DENIED */
  async mustAdminister(who: WebUser, operation: string): Promise<void> {
    const [refusal] = await this.#refused(who, { applicationIds: [], administer: operation, operation });
    if (refusal !== undefined) throw new AppError('ACCESS_DENIED', { user: who.user, ...refusal });
  }

  async #refused(who: WebUser, asked: Pick<RightsQuestion, 'applicationIds' | 'administer' | 'operation'>): Promise<readonly Refused[]> {
    if (who.readOnly) return asked.administer === undefined ? [] : [this.#no(asked.administer, 'ADMINISTER')]; // may look, and no more
    if (!this.#settings.need(KEYS.aclEnable) || who.user === userInfo().username) return [];
    try {
      return await this.#view.rights({ user: who.user, ip: who.ip, ...asked });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (grants(accessList(this.#settings.raw(KEYS.adminAcl) ?? ''), { user: who.user, groups: [] })) return [];
      const his = new Set(this.#view.containers().flatMap((c) => (c.user === who.user ? c.applicationId : [])));
      return [
        ...(asked.administer === undefined ? [] : [this.#no(asked.administer, 'ADMINISTER')]),
        ...asked.applicationIds.flatMap((id) => (his.has(id) ? [] : this.#no(id, 'VIEW_APP'))),
      ];
    }
  }

  #no(what: string, operation: string): Refused {
    return {
      what,
      operation,
      target: what,
      grants: [`yarn.admin.acl (now "${this.#settings.raw(KEYS.adminAcl) ?? userInfo().username}")`],
    };
  }
}
