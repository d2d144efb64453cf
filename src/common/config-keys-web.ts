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
  httpPolicy: key({
    name: 'yarn.http.policy',
    unit: 'text',
    fallback: 'HTTP_ONLY',
    since: '1.1',
    doc: 'HTTPS_ONLY: pages and REST of ResourceManager and NodeManagers are served over TLS only, at the https addresses below. Say the same on all hosts.',
    oneOf: ['HTTP_ONLY', 'HTTPS_ONLY'],
  }),
  rmWebHttpsAddress: key({
    name: 'yarn.resourcemanager.webapp.https.address',
    unit: 'text',
    fallback: '127.0.0.1:8090',
    since: '1.1',
    doc: 'With HTTPS_ONLY: where the ResourceManager answers, instead of webapp.address.',
  }),
  nmWebHttpsAddress: key({
    name: 'yarn.nodemanager.webapp.https.address',
    unit: 'text',
    fallback: '127.0.0.1:8044',
    since: '1.1',
    doc: 'With HTTPS_ONLY: where a NodeManager answers, instead of webapp.address.',
  }),
  httpsCert: key({
    name: 'emberloom.https.cert',
    unit: 'text',
    fallback: undefined,
    since: '1.1',
    doc: "With HTTPS_ONLY: file with the certificate and those above it (PEM), in the place of YARN's ssl-server.xml and its key store. Not set: each host makes one of its own, https.pem under EMBERLOOM_DATA, and its fingerprint is in the daemon's log.",
  }),
  httpsKey: key({
    name: 'emberloom.https.key',
    unit: 'text',
    fallback: undefined,
    since: '1.1',
    doc: 'File with the private key (PEM) of emberloom.https.cert; the daemons read both when they start.',
  }),
  webPortRetries: key({
    name: 'emberloom.webapp.port.max-retries',
    unit: 'count',
    fallback: '16',
    since: '0.3',
    doc: 'A taken port of a webapp.address: how many of the next ones are tried, each with a warning. When all are taken the daemon runs on without HTTP and says so.',
  }),
};
