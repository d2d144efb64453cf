// Settings of an application that say who else may see it and end it; part of spark-keys.ts. The ResourceManager holds to them
// (yarn.acl.enable), as YARN does with what Spark hands it.
import { key } from './key.ts';

const since = '0.3';
export const ACL_KEYS = {
  viewAcls: key({
    name: 'spark.ui.view.acls',
    unit: 'list',
    fallback: '',
    since,
    doc: 'Users who may view the application (state, containers, logs) besides its owner, admins and the administrators of its queue; `*`: everybody.',
  }),
  viewAclsGroups: key({ name: 'spark.ui.view.acls.groups', unit: 'list', fallback: '', since, doc: 'Groups whose users may view it.' }),
  modifyAcls: key({
    name: 'spark.modify.acls',
    unit: 'list',
    fallback: '',
    since,
    doc: 'Users who may end the application, move it, or change its priority; `*`: everybody.',
  }),
  modifyAclsGroups: key({ name: 'spark.modify.acls.groups', unit: 'list', fallback: '', since, doc: 'Groups whose users may.' }),
  adminAcls: key({ name: 'spark.admin.acls', unit: 'list', fallback: '', since, doc: 'Users who may view and modify it.' }),
  adminAclsGroups: key({ name: 'spark.admin.acls.groups', unit: 'list', fallback: '', since, doc: 'Groups whose users may both.' }),
};

/**
 * What a submission says of them, in YARN's notation `user1,user2 group1,group2`.
 * Source: YarnSparkHadoopUtil.getApplicationAclsForYarn; SecurityManager joins the admins' to both.
 */
export function applicationAcls(read: (key: (typeof ACL_KEYS)[keyof typeof ACL_KEYS]) => readonly string[]): {
  viewAcl?: string;
  modifyAcl?: string;
} {
  const text = (users: readonly string[], groups: readonly string[]): string => {
    if (users.includes('*') || groups.includes('*')) return '*';
    return users.length + groups.length === 0 ? '' : `${users.join(',')} ${groups.join(',')}`;
  };
  const [admins, adminGroups] = [read(ACL_KEYS.adminAcls), read(ACL_KEYS.adminAclsGroups)];
  const view = text([...read(ACL_KEYS.viewAcls), ...admins], [...read(ACL_KEYS.viewAclsGroups), ...adminGroups]);
  const modify = text([...read(ACL_KEYS.modifyAcls), ...admins], [...read(ACL_KEYS.modifyAclsGroups), ...adminGroups]);
  return { ...(view !== '' && { viewAcl: view }), ...(modify !== '' && { modifyAcl: modify }) };
}
