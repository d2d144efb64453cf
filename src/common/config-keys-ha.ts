// Settings of availability: two ResourceManagers on one state store, faults of the store, how nodes say that they are ill, attempts.
// Part of KEYS (config-keys.ts). Names and meanings are YARN's where YARN has one.
import { key } from './key.ts';

export const HA_KEYS = {
  haEnabled: key({
    name: 'yarn.resourcemanager.ha.enabled',
    unit: 'bool',
    fallback: 'false',
    since: '0.3',
    doc: 'Several ResourceManagers share the state store under EMBERLOOM_DATA; one is active, the others stand by and take over within seconds (docs/adr/0011).',
  }),
  haRmIds: key({
    name: 'yarn.resourcemanager.ha.rm-ids',
    unit: 'list',
    fallback: 'rm1,rm2',
    since: '0.3',
    doc: 'Names of the ResourceManagers. Each is started with its name: start-resourcemanager.sh --id rm1.',
  }),
  haRmId: key({
    name: 'yarn.resourcemanager.ha.id',
    unit: 'text',
    fallback: undefined,
    since: '0.3',
    doc: 'Which of them this process is, where its command line does not say it (--id).',
  }),
  haRmAddress: key({
    name: 'yarn.resourcemanager.address.<rm-id>',
    unit: 'text',
    fallback: undefined,
    since: '0.3',
    doc: 'Where the ResourceManager of that name listens. Default: the Unix socket run/rm-<rm-id>.sock under EMBERLOOM_DATA. Clients, drivers and NodeManagers try all of them and stay with the active one.',
  }),
  haWebAddress: key({
    name: 'yarn.resourcemanager.webapp.address.<rm-id>',
    unit: 'text',
    fallback: undefined,
    since: '0.3',
    doc: 'host:port of the web server of the ResourceManager of that name. Default: as yarn.resourcemanager.webapp.address, or the next free port.',
  }),
  haAutomatic: key({
    name: 'yarn.resourcemanager.ha.automatic-failover.enabled',
    unit: 'bool',
    fallback: 'true',
    since: '0.3',
    doc: 'false: a ResourceManager becomes active by yarn rmadmin -transitionToActive only.',
  }),
  haLeaseMs: key({
    name: 'emberloom.resourcemanager.ha.lease-ms',
    unit: 'ms',
    fallback: '2000',
    since: '0.3',
    doc: 'A standby takes over when the active one has not renewed its lease for so long. It renews five times as often. Longer: fewer takeovers because a disk was slow; shorter: less time without a ResourceManager.',
  }),
  haFenceByKill: key({
    name: 'emberloom.resourcemanager.ha.fence-by-kill',
    unit: 'bool',
    fallback: 'true',
    since: '0.3',
    doc: 'An active one that was stopped in the middle of a commit keeps the store locked. true: the standby ends it with SIGKILL when it is the same process on the same host; false: the standby waits and says for whom.',
  }),
  storeBackupMs: key({
    name: 'emberloom.resourcemanager.state-store.backup-interval-ms',
    unit: 'ms',
    fallback: '600000',
    since: '0.3',
    doc: 'How often the state store is copied to state/backups while it changes; 0: never. emberloom resourcemanager repair begins with the newest good one.',
  }),
  storeBackups: key({
    name: 'emberloom.resourcemanager.state-store.backups',
    unit: 'count',
    fallback: '3',
    since: '0.3',
    doc: 'How many copies of the state store are kept.',
  }),
  storeReserve: key({
    name: 'emberloom.resourcemanager.state-store.reserve',
    unit: 'bytes',
    fallback: '4m',
    since: '0.3',
    doc: 'Room kept on the disk of the state store. When the disk is full it is given free, so that what runs can still end, and new applications are refused until there is room again. 0: none.',
  }),
};
