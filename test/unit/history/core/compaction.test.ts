import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CompactionFilter, partsToCompact } from '../../../../src/history/core/compaction.ts';
import { afterCompaction, type LogFile, type PartPosition } from '../../../../src/history/core/log-file.ts';
import { eventLines } from '../../../helpers/write-event-log.ts';

const GOLDEN = new URL('../../../fixtures/golden/eventlog.real-4.0.1.jsonl', import.meta.url);
type Json = Record<string, unknown>;
const filtered = (lines: readonly string[]): { kept: string[]; score: number } => {
  const filter = new CompactionFilter();
  for (const line of lines) filter.learn(JSON.parse(line) as Json);
  return { kept: lines.filter((line) => filter.keeps(JSON.parse(line) as Json)), score: filter.score };
};
const named = (lines: readonly string[], name: string) => lines.filter((line) => (JSON.parse(line) as Json)['Event'] === name);
const event = (name: string, fields: Json): string => JSON.stringify({ Event: name, ...fields });
const job = (id: number, stages: number[], properties: Json = {}) =>
  event('SparkListenerJobStart', { 'Job ID': id, 'Stage IDs': stages, Properties: properties });
const jobEnd = (id: number) => event('SparkListenerJobEnd', { 'Job ID': id });
const task = (stage: number, id: number) => event('SparkListenerTaskStart', { 'Stage ID': stage, 'Task Info': { 'Task ID': id } });
const taskEnd = (stage: number, id: number) => event('SparkListenerTaskEnd', { 'Stage ID': stage, 'Task Info': { 'Task ID': id } });
const stage = (id: number, name = 'SparkListenerStageSubmitted') =>
  event(name, { 'Stage Info': { 'Stage ID': id, 'RDD Info': [{ 'RDD ID': 10 + id }] } });
const sql = (name: string, id: number) => event(`org.apache.spark.sql.execution.ui.${name}`, { executionId: id });

test("parts: the newest stay; a compacted one is not one of Spark's number, and is not compacted alone", () => {
  const paths = (...names: string[]) => names.map((path) => ({ path }));
  expect(partsToCompact(paths('1', '2', '3'), 3)).toEqual([]);
  expect(partsToCompact(paths('1', '2', '3', '4'), 3)).toEqual(paths('1'));
  expect(partsToCompact(paths('2.compact', '3', '4', '5'), 3)).toEqual([]);
  expect(partsToCompact(paths('2.compact', '3', '4', '5', '6'), 3)).toEqual(paths('2.compact', '3'));
});

describe('what stays', () => {
  test('an ended job goes with its stages and tasks; one that runs stays whole', () => {
    const ended = [job(0, [0]), stage(0), task(0, 1), taskEnd(0, 1), stage(0, 'SparkListenerStageCompleted'), jobEnd(0)];
    const runs = [job(1, [1, 2]), stage(1), task(1, 2), taskEnd(1, 2), stage(1, 'SparkListenerStageCompleted'), stage(2)];
    const rest = [event('SparkListenerApplicationStart', {}), event('SparkListenerNobodyKnows', {})];
    const { kept, score } = filtered([...rest, ...ended, ...runs]);
    expect(kept).toEqual([...rest, ...runs]);
    expect(score).toBe(0.5);
  });

  test('a stage that a running job shares with an ended one stays', () => {
    const lines = [job(0, [0]), job(1, [0, 1]), stage(0), task(0, 1), taskEnd(0, 1), jobEnd(0)];
    expect(filtered(lines).kept).toEqual(lines.slice(1, -1));
  });

  test("executors that are gone go, their block managers too; the driver's stays", () => {
    const executor = (id: string, name = 'SparkListenerExecutorAdded') => event(name, { 'Executor ID': id });
    const memory = (id: string) => event('SparkListenerBlockManagerAdded', { 'Block Manager ID': { 'Executor ID': id } });
    const lines = [memory('driver'), executor('1'), memory('1'), executor('2'), memory('2'), executor('1', 'SparkListenerExecutorRemoved')];
    expect(filtered(lines).kept).toEqual([memory('driver'), executor('2'), memory('2')]);
  });

  test('jobs of an SQL execution that runs stay though they ended; with its end they go', () => {
    const run = [
      sql('SparkListenerSQLExecutionStart', 7),
      job(0, [0], { 'spark.sql.execution.id': '7' }),
      stage(0),
      task(0, 1),
      taskEnd(0, 1),
      jobEnd(0),
    ];
    expect(filtered(run).kept).toEqual(run);
    expect(filtered([...run, sql('SparkListenerSQLExecutionEnd', 7)]).kept).toEqual([]);
  });

  test('unpersisting, metrics and result fetching follow their stage or RDD', () => {
    const of = (id: number) => [
      event('SparkListenerUnpersistRDD', { 'RDD ID': 10 + id }),
      event('SparkListenerExecutorMetricsUpdate', { 'Metrics Updated': [{ 'Stage ID': id }] }),
      event('SparkListenerTaskGettingResult', { 'Task Info': { 'Task ID': id } }),
      event('SparkListenerSpeculativeTaskSubmitted', { stageId: id }),
    ];
    const { kept } = filtered([job(0, [0]), stage(0), task(0, 0), jobEnd(0), job(1, [1]), stage(1), task(1, 1), ...of(0), ...of(1)]);
    expect(kept.slice(3)).toEqual(of(1));
  });

  test('real logs: of an application that ended the frame stays', () => {
    const real = filtered(readFileSync(GOLDEN, 'utf8').trim().split('\n'));
    expect(real.score).toBe(1);
    for (const gone of ['SparkListenerTaskEnd', 'SparkListenerJobStart', 'SparkListenerStageCompleted'])
      expect(named(real.kept, gone), gone).toEqual([]);
    for (const name of [
      'SparkListenerLogStart',
      'SparkListenerEnvironmentUpdate',
      'SparkListenerApplicationStart',
      'SparkListenerApplicationEnd',
    ])
      expect(named(real.kept, name), name).toHaveLength(1);
    const ours = filtered([...eventLines({ stages: 3, tasksPerStage: 10 })].slice(0, -3));
    expect(named(ours.kept, 'SparkListenerTaskEnd')).toHaveLength(10);
    expect(ours.score).toBeCloseTo(2 / 3);
  });
});

test('an index that had read the compacted parts to their ends need not forget them', () => {
  const at = (path: string): PartPosition => ({ path, textBytes: 1, fileBytes: 1, fingerprint: { bytes: 0, head: '', tail: '' } });
  const log = { parts: ['f/events_2_a.compact', 'f/events_3_a', 'f/events_4_a'].map((path) => ({ path })) } as unknown as LogFile;
  const whole = () => at('whole');
  const read = (...names: string[]) => names.map((name) => at(`f/${name}`));
  expect(afterCompaction(read('events_1_a', 'events_2_a', 'events_3_a'), log, whole).map((p) => p.path)).toEqual(['whole', 'f/events_3_a']);
  // The second part may not have been read to its end.
  expect(afterCompaction(read('events_1_a', 'events_2_a'), log, whole)).toHaveLength(2);
  expect(afterCompaction(read('events_2_a.compact', 'events_3_a'), log, whole)[0]!.path).toBe('f/events_2_a.compact');
});
