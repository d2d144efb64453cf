// The driver's metrics over HTTP: /metrics/executors/prometheus, /metrics/prometheus, /metrics/json. What they say is executor-families.ts and
// sources.ts. Source: Spark's PrometheusResource, PrometheusServlet, MetricsServlet.
import type { FastifyInstance } from 'fastify';
import type { StatusState } from '../store/status-state.ts';
import type { StatusView } from '../store/status-view.ts';
import { executorFamilies } from './executor-families.ts';
import { driverMetrics, metricFamilies, metricsJson, type ProcessFigures } from './sources.ts';
import { PROMETHEUS_TYPE, prometheusText } from './text-format.ts';

export type MetricsOptions = {
  readonly view: StatusView;
  readonly state: StatusState;
  readonly version: string;
  /** spark.ui.prometheus.enabled */
  readonly executors: boolean;
  /** spark.metrics.namespace; undefined: the application id */
  readonly namespace: string | undefined;
  readonly process: () => ProcessFigures;
};

export function metricsRoutes(server: FastifyInstance, options: MetricsOptions): void {
  const { view, state, version } = options;
  const all = () => driverMetrics(state, options.namespace ?? state.application?.id ?? 'unknown', options.process());
  if (options.executors) {
    server.get('/metrics/executors/prometheus', (_request, reply) => {
      const app = view.application();
      const families = executorFamilies({
        applicationId: app?.id ?? '',
        applicationName: app?.name ?? '',
        version,
        revision: '',
        executors: view.executors(true),
      });
      return reply.type(PROMETHEUS_TYPE).send(prometheusText(families));
    });
  }
  server.get('/metrics/prometheus', (_request, reply) => reply.type(PROMETHEUS_TYPE).send(prometheusText(metricFamilies(all()))));
  server.get('/metrics/json', (_request, reply) => reply.type('application/json').send(JSON.stringify(metricsJson(all()))));
}
