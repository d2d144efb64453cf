// Settings of an application that concern its page, REST API, metrics and what its status store keeps; part of spark-keys.ts.
import { key } from './key.ts';

export const UI_KEYS = {
  uiEnabled: key({
    name: 'spark.ui.enabled',
    unit: 'bool',
    fallback: 'true',
    since: '0.2',
    doc: "The application's page, REST API and metrics over HTTP. They start after the first job was submitted and load at the first request.",
  }),
  uiPort: key({
    name: 'spark.ui.port',
    unit: 'count',
    fallback: '4040',
    since: '0.2',
    doc: 'Port of the page; a taken one is followed by the next (spark.port.maxRetries). 0: any. In cluster mode always any.',
  }),
  portMaxRetries: key({
    name: 'spark.port.maxRetries',
    unit: 'count',
    fallback: '16',
    since: '0.2',
    doc: 'Ports that are tried after the first before the service gives up.',
  }),
  uiBindAddress: key({
    name: 'spark.ui.bindAddress',
    unit: 'text',
    fallback: '127.0.0.1',
    since: '0.2',
    doc: 'Address on which the page listens. The page asks for no password: with another than loopback everybody who reaches it sees the application.',
  }),
  uiKillEnabled: key({
    name: 'spark.ui.killEnabled',
    unit: 'bool',
    fallback: 'true',
    since: '0.2',
    doc: 'Jobs and stages can be killed from the page.',
  }),
  uiPrometheusEnabled: key({
    name: 'spark.ui.prometheus.enabled',
    unit: 'bool',
    fallback: 'true',
    since: '0.2',
    doc: 'Figures of the executors at /metrics/executors/prometheus.',
  }),
  metricsNamespace: key({
    name: 'spark.metrics.namespace',
    unit: 'text',
    fallback: undefined,
    since: '0.2',
    doc: 'First part of the names at /metrics/prometheus and /metrics/json; give one to keep names the same from run to run. Default: the application id.',
  }),
  retainedJobs: key({
    name: 'spark.ui.retainedJobs',
    unit: 'count',
    fallback: '1000',
    since: '0.2',
    doc: 'Jobs that page and REST API remember; older ones that have ended go first.',
  }),
  retainedStages: key({
    name: 'spark.ui.retainedStages',
    unit: 'count',
    fallback: '1000',
    since: '0.2',
    doc: 'Stage attempts that page and REST API remember.',
  }),
  retainedTasks: key({
    name: 'spark.ui.retainedTasks',
    unit: 'count',
    fallback: '100000',
    since: '0.2',
    doc: 'Tasks of one stage attempt that page and REST API remember, about 150 bytes each.',
  }),
  retainedDeadExecutors: key({
    name: 'spark.ui.retainedDeadExecutors',
    unit: 'count',
    fallback: '100',
    since: '0.2',
    doc: 'Executors that have ended, remembered by page and REST API.',
  }),
  retainedSqlExecutions: key({
    name: 'spark.sql.ui.retainedExecutions',
    unit: 'count',
    fallback: '1000',
    since: '0.2',
    doc: 'SQL executions that page and REST API remember.',
  }),
};
