// Settings of the daemons that say who may do what, how many may come at once, and what is written down of it; part of
// config-keys.ts. docs/SECURITY.md tells how they go together. `hadoop.proxyuser.<name>.…` has a name in its name: SETTING_PATTERNS.
import { key } from './key.ts';

export const SECURITY_KEYS = {
  aclEnable: key({
    name: 'yarn.acl.enable',
    unit: 'bool',
    fallback: 'true',
    since: '0.3',
    doc: 'Whether the ResourceManager asks for rights (YARN: false). false: whoever has proved who he is may do everything to everybody.',
  }),
  adminAcl: key({
    name: 'yarn.admin.acl',
    unit: 'text',
    fallback: undefined,
    since: '0.3',
    doc: 'Who may do everything: `user1,user2 group1,group2`, `*` for everybody (the default of YARN). Whoever runs the ResourceManager always may; default: nobody else.',
  }),
  filterByUser: key({
    name: 'yarn.webapp.filter-entity-list-by-user',
    unit: 'bool',
    fallback: 'false',
    since: '0.3',
    doc: 'Lists of applications leave out those that the caller may not view. false: they are in the list, without diagnostics, addresses and usage.',
  }),
  groupsOverride: key({
    name: 'hadoop.user.group.static.mapping.overrides',
    unit: 'text',
    fallback: '',
    since: '0.3',
    doc: 'Groups of users for whom the system is not asked: `user1=group1,group2;user2=`.',
  }),
  groupsCacheSecs: key({
    name: 'hadoop.security.groups.cache.secs',
    unit: 'count',
    fallback: '300',
    since: '0.3',
    doc: "How long the system's answer to the question for a user's groups holds.",
  }),
  openSockets: key({
    name: 'emberloom.users.open-sockets',
    unit: 'bool',
    fallback: 'false',
    since: '0.3',
    doc: 'Other users of this machine may reach the daemons’ Unix sockets (mode 0666 in folders that may be traversed and not listed) and stage files. They still must prove who they are: `emberloom user add`.',
  }),
  auditEnabled: key({
    name: 'emberloom.audit.enabled',
    unit: 'bool',
    fallback: 'true',
    since: '0.3',
    doc: "One line for each act in logs/rm-audit.log and logs/nm-<name>-audit.log, in the form of YARN's RMAuditLogger.",
  }),
  auditMaxBytes: key({
    name: 'emberloom.audit.max-file-size',
    unit: 'bytes',
    fallback: '64m',
    since: '0.3',
    doc: 'An audit log that has grown to this is set aside as .1, .2, … and begun anew.',
  }),
  auditMaxFiles: key({
    name: 'emberloom.audit.max-files',
    unit: 'count',
    fallback: '10',
    since: '0.3',
    doc: 'Audit logs set aside that are kept.',
  }),
  maxConnections: key({
    name: 'emberloom.connections.max',
    unit: 'count',
    fallback: '20000',
    since: '0.3',
    doc: 'Connections that a daemon holds at once; more are closed at once, without a word to them.',
  }),
  maxUnproven: key({
    name: 'emberloom.connections.max-unproven',
    unit: 'count',
    fallback: '1000',
    since: '0.3',
    doc: 'Connections at once that have not yet proved who they are; each has 5 seconds. More than a burst of clients needs and less than hurts.',
  }),
  maxPerIdentity: key({
    name: 'emberloom.connections.max-per-user',
    unit: 'count',
    fallback: '2000',
    since: '0.3',
    doc: 'Connections at once of one user to the ResourceManager. One has to wait or to close some after that.',
  }),
  maxPending: key({
    name: 'emberloom.applications.max-pending',
    unit: 'count',
    fallback: '10000',
    since: '0.3',
    doc: 'Applications that wait for their driver; further submissions are refused until some have begun or ended.',
  }),
  maxPendingPerUser: key({
    name: 'emberloom.applications.max-pending-per-user',
    unit: 'count',
    fallback: '5000',
    since: '0.3',
    doc: 'The same for the applications of one user, so that nobody fills all the places.',
  }),
  containerKeyRollSecs: key({
    name: 'yarn.resourcemanager.container-tokens.master-key-rolling-interval-secs',
    unit: 'count',
    fallback: '86400',
    since: '0.3',
    doc: 'How often the key that signs container tokens is replaced. The new one is told to the nodes first and used 1.5 times the node expiry later; the old one holds until what it signed has expired.',
  }),
  nmKeyRollSecs: key({
    name: 'yarn.resourcemanager.nm-tokens.master-key-rolling-interval-secs',
    unit: 'count',
    fallback: '86400',
    since: '0.3',
    doc: 'The same for the key from which the secrets are made that drivers prove themselves with to nodes.',
  }),
};

/** Names that hold a name. */
export const SETTING_PATTERNS: readonly RegExp[] = [/^hadoop\.proxyuser\.[^.\s][^\s]*\.(users|groups|hosts)$/];
