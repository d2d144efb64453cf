// Settings of container logs: gathered at the end of an application, rolled while it runs. Part of config-keys.ts.
import { key } from './key.ts';

export const LOG_KEYS = {
  logAggregation: key({
    name: 'yarn.log-aggregation-enable',
    unit: 'bool',
    fallback: 'true',
    since: '0.3',
    doc: 'At the end of an application each node packs the logs of its containers into one compressed file with an index (YARN: false).',
  }),
  logAggregationDir: key({
    name: 'yarn.nodemanager.remote-app-log-dir',
    unit: 'text',
    fallback: undefined,
    since: '0.3',
    doc: 'Where packed logs lie, a folder for each application; it may be shared by hosts. Default: app-logs under EMBERLOOM_DATA.',
  }),
  logAggregationRetainSec: key({
    name: 'yarn.log-aggregation.retain-seconds',
    unit: 'count',
    fallback: '2592000',
    least: -1,
    since: '0.3',
    doc: 'How long packed logs are kept; 0 or -1 for ever (YARN: -1).',
  }),
  logRollBytes: key({
    name: 'emberloom.container.log.roll-bytes',
    unit: 'bytes',
    fallback: '256m',
    since: '0.3',
    doc: 'stdout and stderr of a running container that grow larger are rolled: copied to stdout.1 (older ones move on) and begun anew. 0: never.',
  }),
  logRollKeep: key({
    name: 'emberloom.container.log.roll-keep',
    unit: 'count',
    fallback: '4',
    since: '0.3',
    doc: 'How many rolled files of stdout, and of stderr, are kept; the oldest goes first.',
  }),
};
