import { Duplex } from 'node:stream';
import { expect, test } from 'vitest';
import { Channel, MAX_FRAME_BYTES } from '../../../../src/rpc/channel.ts';
import { type CompiledStage, SlotRunner } from '../../../../src/runtime/executor/slot-runner.ts';
import { recallTasks } from '../../../../src/runtime/executor/task-claims.ts';
import { newFlags } from '../../../../src/runtime/executor/worker-flags.ts';
import { PartJoiner, partsOf } from '../../../../src/runtime/plan/frame-parts.ts';
import { encodeStageInstall } from '../../../../src/runtime/plan/stage-install.ts';
import { decodeTaskEnd, decodeTaskError } from '../../../../src/runtime/plan/task-end.ts';
import { GIVEN_BACK, LaunchWriter, StatusReader } from '../../../../src/runtime/plan/task-frames.ts';

const INSTALL = encodeStageInstall({ stageId: 0, stageAttempt: 0, plan: new Uint8Array(), closure: new Uint8Array(), mapOutputs: [] });

/** Two channels whose streams feed each other. */
function connected(): [Channel, Channel] {
  const ends: Duplex[] = [0, 1].map(
    (i) =>
      new Duplex({
        read() {},
        write(chunk, _e, done) {
          ends[1 - i]!.push(chunk);
          done();
        },
      }),
  );
  return [new Channel(ends[0]!), new Channel(ends[1]!)];
}

type Seen = { taskId: number; kind: number; value: number; body: Uint8Array | undefined; cpuNs: number; runMs: number };

/** Its clock stands still unless the test moves it: how slow the machine is does not matter. */
function runner(run: CompiledStage['run'], compile?: () => Promise<CompiledStage>, measures = true) {
  const [driver, slot] = connected();
  const seen: Seen[] = [];
  driver.onBinary = (frame) => {
    for (const reader = new StatusReader(frame); reader.next(); )
      seen.push({
        ...{ taskId: reader.taskId, kind: reader.kind, value: reader.value, body: reader.body },
        ...{ cpuNs: reader.metrics().executorCpuTimeNs, runMs: reader.runMs },
      });
  };
  const clock = { ms: 0 };
  const flags = newFlags();
  const publish = () => {};
  const made = new SlotRunner(slot, flags, compile ?? (async () => ({ run, dispose() {} })), publish, () => clock.ms, measures);
  made.install(1, INSTALL);
  const launch = (...ids: number[]) => {
    const writer = new LaunchWriter(1, ids.length);
    for (const id of ids) writer.add(id, id, 0, undefined);
    driver.sendBinary(writer.finish());
  };
  return {
    seen,
    clock,
    flags,
    launch,
    until: async (n: number) => {
      while (seen.length < n) await new Promise((r) => setImmediate(r));
    },
  };
}

test('runs the tasks of a frame in order and reports numbers, bytes and errors', async () => {
  const r = runner(({ taskId }) => {
    if (taskId === 3) throw new RangeError('boo');
    return { result: taskId === 2 ? new Uint8Array([7]) : taskId * 10 };
  });
  r.launch(1, 2, 3, 4);
  await r.until(4);
  expect(r.seen.map((s) => [s.taskId, s.kind, s.value])).toEqual([
    [1, 0, 10],
    [2, 1, 0],
    [3, 2, 0],
    [4, 0, 40],
  ]);
  expect(decodeTaskEnd(r.seen[1]!.body!).r).toEqual(new Uint8Array([7]));
  expect(decodeTaskError(r.seen[2]!.body!)).toMatchObject({ code: 'TASK_FAILED', params: { name: 'RangeError', message: 'boo' } });
});

test('after a long task what has not begun goes back, so that idle slots can have it', async () => {
  const r = runner(({ taskId }) => {
    if (taskId === 1) r.clock.ms += 10;
    return { result: 0 };
  });
  r.launch(1, 2, 3);
  r.launch(4);
  await r.until(4);
  expect(r.seen.map((s) => [s.taskId, s.kind])).toEqual([
    [1, 0],
    [2, GIVEN_BACK],
    [3, GIVEN_BACK],
    [4, GIVEN_BACK],
  ]);
});

test('with spark.emberloom.taskMetrics.enabled=false a task says how long it ran and nothing that would have to be measured', async () => {
  const seen = [];
  for (const measures of [true, false]) {
    const r = runner(
      () => {
        r.clock.ms += 5;
        return { result: 1 };
      },
      undefined,
      measures,
    );
    r.launch(1);
    await r.until(1);
    seen.push(r.seen[0]!);
  }
  expect(seen.map(({ runMs }) => runMs)).toEqual([5, 5]);
  expect(seen[0]!.cpuNs).toBeGreaterThan(0);
  expect(seen[1]!.cpuNs).toBe(0);
});

test('what was taken back while a task ran does not begin; what is launched later does', async () => {
  const ran: number[] = [];
  const r = runner(({ taskId }) => {
    ran.push(taskId);
    if (taskId === 1) expect(recallTasks(r.flags, 4)).toBe(1);
    return { result: 0 };
  });
  r.launch(1, 2, 3);
  r.launch(4);
  r.launch(5);
  await r.until(5);
  expect(ran).toEqual([1, 5]);
  expect(r.seen.map((s) => s.kind)).toEqual([0, GIVEN_BACK, GIVEN_BACK, GIVEN_BACK, 0]);
});

test('a stage that can not be compiled fails each of its tasks with the reason', async () => {
  const r = runner(
    () => ({ result: 0 }),
    () => Promise.reject(new Error('no such module')),
  );
  r.launch(1, 2);
  await r.until(2);
  expect(r.seen.map((s) => decodeTaskError(s.body!).params)).toMatchObject([{ message: 'no such module' }, { message: 'no such module' }]);
});

test('tasks of user code that waits run one after another', async () => {
  let running = 0;
  const r = runner(async ({ taskId }) => {
    expect(++running).toBe(1);
    await new Promise((done) => setImmediate(done));
    running--;
    return { result: taskId };
  });
  r.launch(1, 2);
  r.launch(3);
  await r.until(3);
  expect(r.seen.map((s) => s.value)).toEqual([1, 2, 3]);
});

test('a result larger than a frame comes in parts, and so does a partition that travels with its task', async () => {
  const [driver, slot] = connected();
  const joiner = new PartJoiner(1 << 30);
  const made = new SlotRunner(slot, newFlags(), async () => ({ run: ({ payload }) => ({ result: payload! }), dispose() {} }));
  made.install(1, INSTALL);
  const writer = new LaunchWriter(1, 1);
  const rows = Buffer.alloc(MAX_FRAME_BYTES + 1000, 7);
  writer.add(5, 0, 0, rows);
  for (const part of partsOf(writer.finish())) driver.sendBinary(part);
  const frame = await new Promise<Buffer>((resolve) => {
    driver.onBinary = (part) => {
      expect(part.length).toBeLessThan(MAX_FRAME_BYTES);
      const joined = joiner.add(part);
      if (joined.tag === 'whole') resolve(joined.frame);
    };
  });
  const reader = new StatusReader(frame);
  expect(reader.next()).toBe(true);
  expect(reader.taskId).toBe(5);
  expect(rows.equals(decodeTaskEnd(reader.body!).r as Uint8Array)).toBe(true);
});
