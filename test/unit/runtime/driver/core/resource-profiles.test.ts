import { describe, expect, test } from 'vitest';
import { barrierFault } from '../../../../../src/runtime/driver/core/barrier.ts';
import { backlogByProfile } from '../../../../../src/runtime/driver/core/backlog.ts';
import { type ProfileRules, ResourceProfiles } from '../../../../../src/runtime/driver/core/resource-profiles.ts';
import type { RddNode } from '../../../../../src/runtime/plan/lineage.ts';
import type { StageResources } from '../../../../../src/runtime/plan/stage-resources.ts';
import { ExecutorResourceRequests, ResourceProfileBuilder, TaskResourceRequests } from '../../../../../src/runtime/rdd/resource-profile.ts';
import { narrow, shuffled, source, World } from './dag-harness.ts';

const RULES: ProfileRules = { master: 'yarn', dynamic: true, taskCpus: 1, executorCores: 2, mergeConflicts: false };

function profile(cores: number | undefined, cpus?: number, memory?: string): StageResources {
  const builder = new ResourceProfileBuilder();
  const executor = new ExecutorResourceRequests();
  if (cores !== undefined) builder.require(executor.cores(cores));
  if (memory !== undefined) builder.require(executor.memory(memory));
  if (cpus !== undefined) builder.require(new TaskResourceRequests().cpus(cpus));
  return builder.build();
}

const withProfile = (node: RddNode, resources: StageResources): RddNode => ({ ...node, resources });

function known(rules: Partial<ProfileRules>, ...profiles: StageResources[]) {
  const told: StageResources[] = [];
  const all = new ResourceProfiles({ ...RULES, ...rules }, (added) => void told.push(added));
  for (const each of profiles) all.add(each);
  return { all, told };
}

describe('which profile a stage has', () => {
  test('that of an RDD that its tasks compute; a shuffle ends it', () => {
    const wide = profile(4, 2);
    const { all, told } = known({}, wide);
    all.add(wide);
    expect(told).toEqual([wide]); // once
    const first = narrow(withProfile(source(2), wide));
    const second = shuffled(2, [first, 1]);
    expect(all.ofStage(narrow(first))).toEqual({ id: wide.id, cpus: 2, executorProfileId: wide.id });
    expect(all.ofStage(second)).toEqual({ id: 0, cpus: 1, executorProfileId: 0 });
    expect(all.ofStage(withProfile(second, wide)).id).toBe(wide.id);
  });

  test('two in one stage are an error of the job; the same one twice is not', () => {
    const [a, b] = [profile(4, 1), profile(2, 2)];
    const { all } = known({}, a, b);
    const both = withProfile(narrow(withProfile(source(2), a)), b);
    expect(() => all.checkJob(shuffled(1, [both, 1]))).toThrow('Multiple ResourceProfiles specified in the RDDs for this stage');
    expect(all.ofStage(withProfile(narrow(withProfile(source(2), a)), a)).id).toBe(a.id);
  });

  test('with profileMergeConflicts the most of each; the same conflict gives the same profile', () => {
    const [a, b] = [profile(4, 1, '1g'), profile(2, 2)];
    const { all, told } = known({ mergeConflicts: true }, a, b);
    const both = withProfile(narrow(withProfile(source(2), a)), b);
    const merged = all.ofStage(both);
    expect(merged.cpus).toBe(2);
    expect([...told.at(-1)!.executorAmounts]).toEqual([
      ['cores', 4],
      ['memory', 1024],
    ]);
    expect(told.at(-1)!.id).toBe(merged.id);
    expect(all.ofStage(both).id).toBe(merged.id);
    expect(told).toHaveLength(3);
  });
});

test("where it is not possible it is refused with Spark's sentences", () => {
  const executors = 'ResourceProfiles are only supported on YARN and Kubernetes and Standalone with dynamic allocation enabled.';
  const tasks =
    'TaskResourceProfiles are only supported for Standalone, Yarn and Kubernetes cluster for now when dynamic allocation is disabled.';
  expect(() => known({ dynamic: false }, profile(2))).toThrow(executors);
  expect(() => known({ master: 'local-cluster' }, profile(2))).toThrow(executors);
  expect(() => known({ master: 'local', dynamic: false }, profile(2))).toThrow(executors);
  expect(() => known({ master: 'local', dynamic: false }, profile(undefined, 2))).toThrow(tasks);
  expect(() => known({ dynamic: false }, profile(undefined, 2))).not.toThrow();
  expect(() => known({ master: 'local-cluster', dynamic: false }, profile(undefined, 2))).not.toThrow();
  expect(() => known({}, profile(undefined, 3))).toThrow(
    'The number of cores per executor (=2) has to be >= the number of cpus per task = 3.',
  );
  expect(() => known({}, profile(1, 2))).toThrow('(=1)');
  const barrier = { ...narrow(source(2)), barrier: true };
  expect(barrierFault(barrier, 2, undefined)).toContain(
    '[SPARK-24942]: Barrier execution mode does not support dynamic resource allocation',
  );
});

describe('who runs the tasks', () => {
  test('executors of the profile, and nobody else', () => {
    const wide = profile(2, 1);
    const { all } = known({}, wide);
    const w = new World(2, { profiles: all });
    w.submit(0, withProfile(source(3), wide));
    expect(w.launched).toHaveLength(0);
    expect(backlogByProfile(w.core.tasks)).toEqual(new Map([[wide.id, { pending: 3, running: 0, speculativePending: 0 }]]));
    w.submit(1, source(1)); // a younger job has the executors that the older can't use
    expect(w.launched.map(({ slot, set }) => [slot, set.spec.jobId])).toEqual([[0, 1]]);
    w.core.tasks.addSlot(5, '3', 'h', wide.id);
    w.core.tasks.addSlot(6, '3', 'h', wide.id);
    w.settle();
    expect(w.launched.map(({ slot }) => slot)).toEqual([0, 5, 6]);
    w.runAll();
    expect([...w.ended]).toEqual([
      [1, undefined],
      [0, undefined],
    ]);
  });

  test('with a fixed number of executors tasks that differ run on these, each with its own cores', () => {
    const wide = profile(undefined, 3);
    const { all } = known({ dynamic: false, executorCores: 4 }, wide);
    const w = new World(0, { profiles: all });
    for (let id = 0; id < 8; id++) w.core.tasks.addSlot(id, id < 4 ? '1' : '2');
    w.submit(0, withProfile(source(3), wide));
    expect(w.launched.map(({ slot }) => slot)).toEqual([0, 4]); // 3 of 4 cores each
    w.submit(1, source(9));
    expect(w.launched.map(({ slot, set }) => [slot, set.spec.jobId])).toEqual([
      [0, 0],
      [4, 0],
      [1, 1],
      [5, 1], // the fourth core
    ]);
    const task = w.next((t) => t.slot === 0);
    w.core.succeeded(task.key, task.taskId, undefined, 0);
    w.core.tasks.heard(0, 1);
    w.settle();
    expect(w.launched.filter(({ slot }) => slot < 4).map(({ set }) => set.spec.jobId)).toEqual([1, 0]); // its last task has the freed cores
    w.runAll();
    expect(w.ended.size).toBe(2);
  });

  test('a barrier stage starts on as many executors as have its cores free', () => {
    const wide = profile(undefined, 2);
    const { all } = known({ dynamic: false }, wide);
    const w = new World(0, { profiles: all });
    for (let id = 0; id < 4; id++) w.core.tasks.addSlot(id, id < 2 ? '1' : '2');
    w.submit(0, { ...withProfile(source(2), wide), barrier: true });
    expect(w.launched.map(({ slot }) => slot)).toEqual([0, 2]);
  });
});
