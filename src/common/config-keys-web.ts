// Settings of the HTTP servers of ResourceManager and NodeManager (src/web, */http). Spread into KEYS in config-keys.ts.
import { key } from './key.ts';

export const WEB_KEYS = {
  rmWebAddress: key({
    name: 'yarn.resourcemanager.webapp.address',
    unit: 'text',
    fallback: '127.0.0.1:8088',
    since: '0.3',
    doc: 'Where the ResourceManager answers HTTP: host:port, port 0 for any free one. The address it has is in run/rm-http under EMBERLOOM_DATA. YARN listens on all interfaces; here that must be said (0.0.0.0:8088).',
  }),
  nmWebAddress: key({
    name: 'yarn.nodemanager.webapp.address',
    unit: 'text',
    fallback: '127.0.0.1:8042',
    since: '0.3',
    doc: 'Where a NodeManager answers HTTP: host:port, port 0 for any free one. The address it has is in run/nm-<name>-http under EMBERLOOM_DATA; several NodeManagers of one host take the ports after it.',
  }),
  webPortRetries: key({
    name: 'emberloom.webapp.port.max-retries',
    unit: 'count',
    fallback: '16',
    since: '0.3',
    doc: 'A taken port of a webapp.address: how many of the next ones are tried, each with a warning. When all are taken the daemon runs on without HTTP and says so.',
  }),
};
