import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { executorFamilies } from '../../../../src/status/prometheus/executor-families.ts';
import { driverMetrics, metricFamilies, metricsJson } from '../../../../src/status/prometheus/sources.ts';
import { prometheusText } from '../../../../src/status/prometheus/text-format.ts';
import { parsePrometheus } from '../../../helpers/parse-prometheus.ts';
import { stageInfo, TestApplication } from '../../../helpers/status-events.ts';

const golden = (name: string): string => readFileSync(join(import.meta.dirname, '../../../fixtures/golden', name), 'utf8');

function application(): TestApplication {
  const app = new TestApplication().executor('driver', 2).executor('1', 4);
  for (const executorId of ['driver', '1']) {
    const id = { executorId, host: 'h1', port: 7077 };
    app.store.on({
      tag: 'blockManagerAdded',
      id,
      atMs: 1_000,
      maxMemoryBytes: 455_501_414,
      maxOnHeapBytes: 455_501_414,
      maxOffHeapBytes: 0,
    });
    app.store.on({ tag: 'executorMetricsUpdate', executorId, metrics: { JVMHeapMemory: 5, MinorGCCount: 22, MinorGCTime: 985 } });
  }
  app.job(0, [stageInfo(0)]).submit(stageInfo(0));
  app.task(0, 0, {
    executorId: '1',
    durationMs: 63_006,
    metrics: { gcTime: 985, inputBytes: 6093, shuffleLocalBytes: 1322, executorRunTime: 60_000 },
  });
  app.task(0, 1, { executorId: '1', reason: { tag: 'ExceptionFailure', className: 'Error', description: 'x', stack: '' } });
  return app;
}

describe('/metrics/executors/prometheus', () => {
  const { store } = application();
  const text = prometheusText(
    executorFamilies({
      applicationId: 'app-1',
      applicationName: 'a "b"\\c\nd',
      version: '0.2',
      revision: '',
      executors: store.executors(true),
    }),
  );

  test("has exactly the families of Spark's, in its order", () => {
    const names = golden('metrics_executors_prometheus.real.txt')
      .split('\n')
      .flatMap((line) => /^([a-zA-Z_]+)\{/.exec(line)?.[1] ?? []);
    expect([...parsePrometheus(text).keys()]).toEqual(names);
  });

  test('types follow the names, labels survive what users call their applications', () => {
    for (const [name, family] of parsePrometheus(text)) {
      expect(family.type, name).toBe(name.endsWith('_total') ? 'counter' : 'gauge');
      if (name !== 'spark_info') expect(family.samples.map((s) => s.labels['executor_id'])).toEqual(['driver', '1']);
      if (name !== 'spark_info') expect(family.samples[0]!.labels['application_name']).toBe('a "b"\\c\nd');
    }
  });

  test('values are in the units that the names say', () => {
    const of = (name: string) => parsePrometheus(text).get(`metrics_executor_${name}`)!.samples[1]!.text;
    expect(of('totalDuration_seconds_total')).toBe('63.106');
    expect(of('totalGCTime_seconds_total')).toBe('0.985');
    expect(of('totalInputBytes_bytes_total')).toBe('6093');
    expect(of('failedTasks_total')).toBe('1');
    expect(of('MinorGCTime_seconds_total')).toBe('0.985');
    expect(of('MajorGCTime_seconds_total')).toBe('0.0');
    expect(of('maxMemory_bytes')).toBe('455501414');
    expect(prometheusText([])).toBe('');
  });
});

describe('/metrics/prometheus and /metrics/json', () => {
  const metrics = driverMetrics(application().store.state, 'my.app-1', { cpuNs: 12, metrics: { JVMHeapMemory: 7 } });

  test("every name of ours is one of Spark's", () => {
    const known = new Set(
      golden('metrics_prometheus.real.txt')
        .split('\n')
        .flatMap((line) => /^metrics_local_1795352675294_driver_(\w+)\{/.exec(line)?.[1] ?? []),
    );
    const ours = [...parsePrometheus(prometheusText(metricFamilies(metrics))).keys()];
    expect(ours.length).toBeGreaterThan(100);
    for (const name of ours) expect(known, name).toContain(name.replace(/^metrics_my_app_1_(driver|1)_/, ''));
    expect(ours.every((name) => name.startsWith('metrics_my_app_1_'))).toBe(true);
  });

  test('say what happened', () => {
    const parsed = parsePrometheus(prometheusText(metricFamilies(metrics)));
    const value = (name: string) => parsed.get(`metrics_my_app_1_${name}`)!.samples[0]!.value;
    expect(value('driver_appStatus_tasks_failedTasks_Count')).toBe(1);
    expect(value('driver_DAGScheduler_job_activeJobs_Value')).toBe(1);
    expect(value('driver_BlockManager_memory_maxMem_MB_Value')).toBe(868);
    expect(value('1_executor_runTime_Count')).toBe(60_000);
    expect(value('driver_JVMCPU_jvmCpuTime_Value')).toBe(12);
    const json = metricsJson(metrics) as { gauges: Record<string, unknown>; counters: Record<string, unknown> };
    expect(json.gauges['my.app-1.driver.ExecutorMetrics.JVMHeapMemory']).toEqual({ value: 7 });
    expect(json.counters['my.app-1.1.executor.jvmGCTime']).toEqual({ count: 985 });
  });
});
