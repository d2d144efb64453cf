// The driver's schedulers with seeded faults: executors that die at random and take their shuffle files along or not, tasks that throw,
// statuses that come twice or late, results that their executor keeps and that are lost with it before they are fetched, timers in any order, jobs that are cancelled while others share their stages, and (in some seeds) limits
// on failures that are reached. Whatever happens, every job ends, with the right answer or with the error that ended it, and nothing stays.
import { expect, test } from 'vitest';
import { AppError } from '../../src/common/errors.ts';
import { Prng } from '../../src/common/prng.ts';
import type { RddNode, ShuffleDependency } from '../../src/runtime/plan/lineage.ts';
import type { MapOutput } from '../../src/runtime/plan/stage-install.ts';
import { DagScheduler } from '../../src/runtime/driver/core/dag-scheduler.ts';
import { takeBack } from '../../src/runtime/driver/core/recall.ts';
import type { Preference } from '../../src/runtime/driver/core/pending-tasks.ts';
import type { DagEffect, Stage } from '../../src/runtime/driver/core/stage.ts';
import { inGroups, simSeeds } from '../helpers/sim-seeds.ts';
import { narrow, shuffled, source } from '../unit/runtime/driver/core/dag-harness.ts';

const MODULUS = 1_000_003;
const MOST_STEPS = 200_000;

const EXCLUSION = {
  inSet: { attemptsPerExecutor: 2, attemptsPerNode: 4, stageTasksPerExecutor: 4, stageExecutorsPerNode: 2 },
  inApplication: { tasksPerExecutor: 6, executorsPerNode: 2 },
  timeoutMs: 50,
  killExcluded: true,
  fetchFailure: 'executor',
  unschedulableMs: 30,
} as const;

type Flying = {
  key: number;
  taskId: number;
  partition: number;
  slot: number;
  stage: Stage;
  known: ReadonlyMap<number, readonly MapOutput[]>;
  epoch: number;
  early?: ReturnType<Simulation['compute']>;
  /** In the order of its slot. */
  place: number;
  /** The driver has it again; the slot only says that it comes back. */
  recalled?: boolean;
};

/** What a partition's value is, if nothing goes wrong. */
function truth(rdd: RddNode, partition: number, memo = new Map<string, number>()): number {
  const key = `${rdd.id}/${partition}`;
  const known = memo.get(key);
  if (known !== undefined) return known;
  let value = (rdd.id * 31 + partition * 7 + 1) % MODULUS;
  for (const dependency of rdd.dependencies) {
    if (dependency.kind === 'narrow') value = (value + truth(dependency.parent, partition, memo)) % MODULUS;
    else
      for (let m = 0; m < dependency.parent.partitions; m++)
        value = (value + truth(dependency.parent, m, memo) * (partition + m + 1)) % MODULUS;
  }
  memo.set(key, value);
  return value;
}

class Simulation {
  readonly random: Prng;
  readonly core: DagScheduler;
  readonly files = new Map<string, number>();
  readonly flying: Flying[] = [];
  readonly past: Flying[] = [];
  /** Tasks that have run; their executor keeps what they brought until it is fetched. */
  readonly getting: { task: Flying; value: number; executorId: string }[] = [];
  readonly timers: number[] = [];
  readonly reviews: number[] = [];
  /** Executors that the scheduler wants replaced. */
  readonly doomed: string[] = [];
  readonly answers = new Map<number, Map<number, number>>();
  readonly ended = new Map<number, string | undefined>();
  /** Seeds in which a task or stage may fail for good. */
  readonly strict: boolean;
  readonly installs = new Map<number, { known: ReadonlyMap<number, readonly MapOutput[]>; epoch: number; stage: Stage }>();
  /** How soon timers fire: in some seeds long before the abandoned attempt's tasks have ended, so that both bring the same partition. */
  readonly eagerness: number;
  nowMs = 0;
  /** Tasks that slots were sent. */
  readonly sent = new Map<number, number>();
  #nextSlot = 0;
  #nextExecutor = 1;
  #nextFile = 0;

  constructor(seed: number) {
    this.random = new Prng(seed);
    this.eagerness = seed % 2 === 0 ? 0.1 : 0.8;
    this.strict = seed % 5 === 4;
    const limit = this.strict ? 2 : 10_000;
    this.core = new DagScheduler({
      taskMaxFailures: limit,
      stageMaxAttempts: limit,
      waits: { process: 20, node: 10, rack: 10 },
      mode: seed % 3 === 0 ? 'FAIR' : 'FIFO',
      taskCpus: 1,
      exclusion: seed % 7 < 3 ? undefined : EXCLUSION,
      speculation:
        seed % 4 < 2
          ? undefined
          : {
              intervalMs: 1,
              multiplier: 1.5,
              quantile: 0.3,
              minRuntimeMs: 3,
              durationThresholdMs: seed % 8 < 4 ? 20 : undefined,
              efficiency: seed % 3 === 0 ? { rateMultiplier: 0.75, longRunFactor: 2 } : undefined,
              decommissionKillMs: seed % 5 < 2 ? 5 : undefined,
            },
    });
    if (seed % 6 === 0) this.core.tasks.pools.define([{ name: 'fair', mode: 'FAIR', weight: 3, minShare: 2 }]);
    for (let i = 0; i < 8; i++) this.addExecutor();
  }

  addExecutor(): void {
    const executor = String(this.#nextExecutor++);
    const host = `h${this.random.int(3)}`;
    for (let i = 0; i < 1 + this.random.int(2); i++) this.core.tasks.addSlot(this.#nextSlot++, executor, host);
  }

  loseExecutor(): void {
    const executors = [...new Set([...this.core.tasks.slots.values()].map((s) => s.executorId))];
    if (executors.length === 0) return;
    this.lose(this.random.pick(executors));
  }

  lose(gone: string): void {
    for (const slot of [...this.core.tasks.slots.values()].filter((s) => s.executorId === gone)) {
      this.past.push(...this.flying.filter((f) => f.slot === slot.id));
      this.flying.splice(0, this.flying.length, ...this.flying.filter((f) => f.slot !== slot.id));
      this.core.slotLost(
        slot.id,
        { code: 'EXECUTOR_LOST', params: { executorId: gone, reason: 'killed' } },
        `h executor ${gone}`,
        this.random.chance(0.5),
        this.nowMs,
      );
    }
    for (const kept of this.getting.filter(({ executorId }) => executorId === gone)) this.loseResult(kept);
    if (this.random.chance(0.5)) {
      // its disk is gone, too; readers find out, or the driver is told
      for (const [file] of this.files) if (file.startsWith(`${gone}/`)) this.files.delete(file);
      if (this.random.chance(0.5)) this.core.outputsLost((output) => output.executorId === gone, this.nowMs);
    }
    this.addExecutor();
  }

  settle(): void {
    for (let effects = this.core.drain(); effects.length > 0; effects = this.core.drain())
      for (const effect of effects) this.carryOut(effect);
    for (let more = true; more; ) {
      more = false;
      for (const slot of [...this.core.tasks.slots.keys()]) {
        const taken = this.core.tasks.take(slot, this.nowMs);
        if (taken === undefined) continue;
        more = true;
        const { key } = taken.set.spec;
        for (let i = 0; i < taken.count; i++) {
          const index = this.core.tasks.taken[i]!;
          const task: Flying = {
            key,
            taskId: this.core.tasks.takenIds[i]!,
            partition: taken.set.spec.partitions[index]!,
            slot,
            place: this.sent.get(slot) ?? 0,
            ...this.installs.get(key)!,
          };
          this.sent.set(slot, task.place + 1);
          if (!taken.speculative) taken.set.placeOf[index] = task.place;
          if (this.random.chance(0.5)) task.early = this.compute(task.stage.rdd, task.partition, task); // it has read all before a file is lost
          this.flying.push(task);
        }
      }
    }
  }

  preferences(partition: number): Preference[] {
    const { slots } = this.core.tasks;
    const slot = [...slots.values()][partition % Math.max(1, slots.size)];
    if (slot === undefined || this.random.chance(0.5)) return [];
    const all = [{ slot: slot.id }, { executorId: slot.executorId }, { host: slot.host }, { host: 'elsewhere' }];
    return all.filter(() => this.random.chance(0.4));
  }

  carryOut(effect: DagEffect): void {
    if (effect.tag === 'prepareTaskSet') {
      if (this.strict && this.random.chance(0.03)) {
        this.core.refused(effect.key, new AppError('JOB_ABORTED', { reason: 'a value that cannot travel' }), this.nowMs);
        return;
      }
      const shuffles = shuffleIds(effect.stage.rdd);
      this.installs.set(effect.key, {
        stage: effect.stage,
        epoch: this.core.outputs.epoch,
        known: new Map(shuffles.map((id) => [id, this.core.outputs.outputs(id).outputs])),
      });
      this.core.tasks.set(effect.key)?.prefer((p) => this.preferences(p));
      this.core.ready(effect.key);
    } else if (effect.tag === 'jobEnded') {
      expect(this.ended.has(effect.jobId)).toBe(false);
      if (effect.error?.code === 'JOB_ABORTED' && !effect.error.message.includes('cannot run anywhere')) expect(this.strict).toBe(true);
      this.ended.set(effect.jobId, effect.error?.code);
    } else if (effect.tag === 'killTask') {
      // Some end at once and say so, some are heard of later, as anything else that flies.
      const at = this.flying.findIndex((task) => task.taskId === effect.taskId && task.slot === effect.slot);
      if (at < 0 || this.random.chance(0.5)) return;
      const [task] = this.flying.splice(at, 1);
      this.core.tasks.heard(task!.slot, 1);
      this.core.failed(task!.key, task!.taskId, { code: 'TASK_KILLED', params: { reason: effect.reason } }, 'h', this.nowMs);
    } else if (effect.tag === 'replaceExecutor') this.doomed.push(effect.executorId);
    else if (effect.tag === 'reviewAfter') this.reviews.push(this.nowMs + effect.afterMs);
    else if (effect.tag === 'resubmitAfter') this.timers.push(effect.stageId);
  }

  /** Runs one task to its end, on what its stage attempt was told. */
  end(task: Flying): void {
    const set = this.core.tasks.set(task.key);
    this.core.tasks.heard(task.slot, 1);
    if (task.recalled === true) {
      this.core.givenBack(task.key, task.taskId);
      return;
    }
    if (this.random.chance(0.05)) {
      this.core.failed(
        task.key,
        task.taskId,
        { code: 'TASK_FAILED', params: { name: 'Error', message: 'boo', stack: 'boo' } },
        'h',
        this.nowMs,
      );
    } else if (this.random.chance(0.03)) this.core.givenBack(task.key, task.taskId);
    else {
      const value = task.early ?? this.compute(task.stage.rdd, task.partition, task);
      if (typeof value !== 'number')
        this.core.failed(
          task.key,
          task.taskId,
          { code: 'FETCH_FAILED', params: { ...value, mapTaskId: 0, reduceId: task.partition, epoch: task.epoch, detail: 'gone' } },
          'h',
          this.nowMs,
        );
      else if (!this.random.chance(0.2) || !this.keep(task, value)) this.brought(task, value);
    }
    if (set !== undefined && this.random.chance(0.2)) set.observe(this.random.next() * 2);
  }

  keep(task: Flying, value: number): boolean {
    const executorId = this.core.tasks.slots.get(task.slot)?.executorId;
    if (executorId === undefined || !this.core.tasks.results.begin(this.core.tasks.set(task.key), task.taskId, executorId)) return false;
    this.getting.push({ task, value, executorId });
    return true;
  }

  /** @param faults whether the block may be damaged */
  fetchOne(faults: boolean): void {
    const kept = this.random.pick(this.getting);
    if (faults && this.random.chance(0.1)) return this.loseResult(kept);
    this.getting.splice(this.getting.indexOf(kept), 1);
    this.brought(kept.task, kept.value);
    this.core.tasks.results.end(kept.executorId);
  }

  loseResult(kept: Simulation['getting'][number]): void {
    const { task, executorId } = kept;
    this.getting.splice(this.getting.indexOf(kept), 1);
    const params = { taskId: task.taskId, executorId, detail: 'gone' };
    this.core.failed(task.key, task.taskId, { code: 'TASK_RESULT_LOST', params }, 'h', this.nowMs);
    this.core.tasks.results.end(executorId);
  }

  brought(task: Flying, value: number): void {
    const executorId = this.core.tasks.slots.get(task.slot)?.executorId ?? '0';
    let output: MapOutput | undefined;
    if (task.stage.dependency !== undefined) {
      const file = `${executorId}/${this.#nextFile++}`;
      this.files.set(file, value);
      output = { mapIndex: task.partition, mapTaskId: task.taskId, executorId, host: 'h', blockAddress: '', file, bytes: [], records: 1 };
    }
    const jobId = this.core.tasks.set(task.key)?.spec.jobId ?? -1;
    const position = this.core.succeeded(task.key, task.taskId, output, this.nowMs);
    if (position < 0 || output !== undefined) return;
    const answers = this.answers.get(jobId)!;
    expect(answers.has(position)).toBe(false); // counted once
    answers.set(position, value);
  }

  compute(rdd: RddNode, partition: number, task: Flying): number | { shuffleId: number; mapIndex: number; executorId: string } {
    let value = (rdd.id * 31 + partition * 7 + 1) % MODULUS;
    for (const dependency of rdd.dependencies) {
      if (dependency.kind === 'narrow') {
        const part = this.compute(dependency.parent, partition, task);
        if (typeof part !== 'number') return part;
        value = (value + part) % MODULUS;
        continue;
      }
      const outputs = task.known.get(dependency.shuffleId)!;
      expect(outputs).toHaveLength(dependency.parent.partitions); // nothing runs before its inputs are all known
      for (const output of outputs) {
        const part = this.files.get(output.file);
        if (part === undefined) return { shuffleId: dependency.shuffleId, mapIndex: output.mapIndex, executorId: output.executorId };
        value = (value + part * (partition + output.mapIndex + 1)) % MODULUS;
      }
    }
    return value;
  }

  /** A task takes long: what waits behind it in its slot is taken back. Some answers come when the slot has ended some of them, or is gone. */
  recallOne(): void {
    if (this.flying.length === 0) return;
    const { slot, place } = this.random.pick(this.flying);
    const at = this.core.tasks.slots.get(slot);
    if (at !== undefined) at.stalled = true;
    const waiting = this.flying.filter((task) => task.slot === slot && task.place >= place);
    for (const task of waiting) task.recalled = true;
    const told = new Set(waiting.map(({ taskId }) => taskId));
    for (const taskId of takeBack(this.core.tasks, slot, place)) expect(told.has(taskId)).toBe(true); // nothing that had begun
  }

  /** Rarely: most jobs are to reach their end. */
  cancelOne(): void {
    if (this.core.jobs.size > 0 && this.random.chance(0.2))
      this.core.cancelJob(this.random.pick([...this.core.jobs.keys()]), 'by the user', this.nowMs);
  }

  step(faults: boolean): void {
    this.nowMs += this.random.int(5);
    const dice = this.random.next();
    if (this.random.chance(0.1)) this.core.speculate(this.nowMs);
    for (const due of this.reviews.splice(0)) {
      if (due <= this.nowMs) this.core.review(this.nowMs);
      else this.reviews.push(due);
    }
    if (this.random.chance(0.3)) for (const executorId of this.doomed.splice(0)) this.lose(executorId);
    if (this.getting.length > 0 && (this.flying.length === 0 || this.random.chance(0.3))) {
      this.fetchOne(faults);
      this.settle();
    }
    if (faults && dice < 0.02) this.cancelOne();
    else if (faults && dice < 0.025 && this.flying.length > 0) this.core.killAttempt(this.random.pick(this.flying).taskId, 'by hand');
    else if (faults && dice < 0.05) this.loseExecutor();
    else if (dice < 0.08) this.recallOne();
    else if (dice < this.eagerness && this.timers.length > 0)
      this.core.resubmit(this.timers.splice(this.random.int(this.timers.length), 1)[0]!, this.nowMs);
    else if (faults && dice < 0.85 && dice > 0.8 && this.past.length > 0)
      this.end(this.random.pick(this.past)); // late: its slot was given up
    else if (this.flying.length > 0) {
      const [task] = this.flying.splice(this.random.int(this.flying.length), 1);
      this.end(task!);
      if (this.random.chance(0.05)) this.past.push(task!); // and once more, some time
    }
    this.settle();
  }
}

const shuffleIds = (rdd: RddNode): number[] =>
  rdd.dependencies.flatMap((d) => (d.kind === 'narrow' ? shuffleIds(d.parent) : [(d as ShuffleDependency).shuffleId]));

function randomLineage(random: Prng, nextShuffle: () => number): RddNode {
  const made: RddNode[] = [source(1 + random.int(9)), source(1 + random.int(9))];
  for (let i = 0; i < 2 + random.int(5); i++) {
    const parent = random.pick(made);
    if (random.chance(0.4)) made.push(narrow(parent));
    else {
      const parents: [RddNode, number][] = [[parent, nextShuffle()]];
      if (random.chance(0.5)) parents.push([random.pick(made), nextShuffle()]);
      made.push(shuffled(1 + random.int(12), ...(parents as [[RddNode, number]])));
    }
  }
  return made.at(-1)!;
}

test.each(inGroups(simSeeds(150), 50))('seeds from %i: every job ends, with the right answer or with what ended it', (...group) => {
  for (const seed of group) {
    const sim = new Simulation(seed);
    let shuffle = 0;
    const jobs = new Map<number, RddNode>();
    const roots: RddNode[] = [];
    for (let jobId = 0; jobId < 3; jobId++) {
      const root = roots.length > 0 && sim.random.chance(0.4) ? sim.random.pick(roots) : randomLineage(sim.random, () => shuffle++);
      roots.push(root);
      jobs.set(jobId, root);
      sim.answers.set(jobId, new Map());
      sim.core.submitJob(
        {
          jobId,
          root,
          partitions: Array.from({ length: root.partitions }, (_, p) => p),
          callSite: 'test',
          properties: new Map([['spark.scheduler.pool', sim.random.pick(['default', 'fair', 'unknown'])]]),
        },
        sim.nowMs,
      );
      sim.settle();
      for (let i = sim.random.int(30); i > 0; i--) sim.step(true);
    }
    let steps = 0;
    while (sim.ended.size < jobs.size) {
      if (++steps > MOST_STEPS)
        throw new Error(`seed ${seed}: jobs ${[...jobs.keys()].filter((id) => !sim.ended.has(id)).join(', ')} don't end`);
      sim.step(steps < 2_000);
    }
    while (sim.flying.length + sim.getting.length > 0) sim.step(false); // what was killed, or was not needed
    expect(sim.core.jobs.size + sim.core.tasks.sets.length, `seed ${seed}: what is left`).toBe(0);
    for (const [, slot] of sim.core.tasks.slots) {
      expect(slot.inFlight, `seed ${seed}: in flight`).toBe(0);
      expect(sim.core.tasks.results.of(slot.executorId), `seed ${seed}: results kept`).toBe(0);
    }
    for (const [jobId, root] of jobs) {
      if (sim.ended.get(jobId) !== undefined) continue;
      const expected = Array.from({ length: root.partitions }, (_, p) => truth(root, p));
      expect(
        [...sim.answers.get(jobId)!.entries()].sort(([a], [b]) => a - b).map(([, value]) => value),
        `seed ${seed}, job ${jobId}`,
      ).toEqual(expected);
    }
  }
});
