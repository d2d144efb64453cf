// Who may read a container's logs over HTTP: whoever it ran as, whoever runs this NodeManager, administrators, and who may look at everything.
// The ResourceManager, which knows the applications' own lists, is asked by nobody here. Source: YARN's ContainerLogsUtils.getContainerLogDirs.
import { userInfo } from 'node:os';
import { accessList, grants } from '../../common/access-list.ts';
import { KEYS } from '../../common/config-keys.ts';
import { AppError } from '../../common/errors.ts';
import type { ContainerId } from '../../common/ids.ts';
import type { Settings } from '../../common/settings.ts';
import type { WebUser } from '../../web/authenticate.ts';
import type { NodeView } from '../service/node-view.ts';

/** @throws AppError ACCESS_DENIED */
export function mustReadLogs(view: NodeView, settings: Settings, who: WebUser, containerId: ContainerId): void {
  if (!settings.need(KEYS.aclEnable) || who.readOnly || who.user === userInfo().username) return;
  if (view.containers().some((c) => c.id === containerId && c.user === who.user)) return;
  const admins = settings.raw(KEYS.adminAcl) ?? '';
  if (grants(accessList(admins), { user: who.user, groups: [] })) return;
  throw new AppError('ACCESS_DENIED', {
    user: who.user,
    operation: 'VIEW_APP',
    target: `logs of ${containerId}`,
    grants: [`yarn.admin.acl (now "${admins}")`],
  });
}

/** For settings, stacks and logs of this process. @throws AppError ACCESS_DENIED */
export const administers =
  (settings: Settings) =>
  async (who: WebUser, operation: string): Promise<void> => {
    if (who.readOnly !== true && (!settings.need(KEYS.aclEnable) || who.trusted || who.user === userInfo().username)) return;
    const admins = settings.raw(KEYS.adminAcl) ?? userInfo().username;
    if (who.readOnly !== true && grants(accessList(admins), { user: who.user, groups: [] })) return;
    throw new AppError('ACCESS_DENIED', {
      user: who.user,
      operation: 'ADMINISTER',
      target: operation,
      grants: [`yarn.admin.acl (now "${admins}")`],
    });
  };
