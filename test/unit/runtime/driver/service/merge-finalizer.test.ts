// A shuffle service that takes no connection, or takes it and says nothing: its merge is not used, the driver goes on when the time is up.
import { expect, test } from 'vitest';
import type { DriverLoop } from '../../../../../src/runtime/driver/service/driver-loop.ts';
import { MergeFinalizer, type MergeFinalizerParts } from '../../../../../src/runtime/driver/service/merge-finalizer.ts';
import { silent } from '../../../../helpers/driver-world.ts';

function finalizer(connect: () => Promise<unknown>) {
  const lost: string[] = [];
  const warned: string[] = [];
  const timers: { ms: number; run: () => void }[] = [];
  const after = (ms: number, run: () => void) => {
    const timer = { ms, run };
    timers.push(timer);
    return () => void timers.splice(timers.indexOf(timer), 1);
  };
  const merges = { hostOf: () => 'h', serviceLost: (address: string) => lost.push(address) };
  const parts = {
    host: { transport: { connect }, timers: { after } },
    manager: { applicationId: 'application_1_0001', secret: Buffer.alloc(32), attemptId: undefined },
    log: { ...silent, warn: (text: string) => warned.push(text) },
    loop: () => ({ core: { merges } }) as unknown as DriverLoop,
  } as unknown as MergeFinalizerParts;
  return { it: new MergeFinalizer({} as never, 7_000, parts), lost, warned, timers };
}

test('services that never answer: an empty merge when spark.shuffle.push.results.timeout is over, and they are not chosen again', async () => {
  const { it, lost, warned, timers } = finalizer(() => new Promise(() => {}));
  const merged = it.finalize(0, ['a', 'b'], true);
  expect(timers.map(({ ms }) => ms)).toEqual([7_000, 7_000]);
  for (const { run } of [...timers]) run();
  expect(await merged).toEqual([]);
  expect(lost).toEqual(['a', 'b']);
  expect(warned[0]).toMatch(/What a merged of shuffle 0 of application_1_0001 is not used: /);
});

test('a service that is gone: at once, and no timer stays', async () => {
  const { it, lost, timers } = finalizer(() => Promise.reject(new Error('nobody listens')));
  expect(await it.finalize(0, ['a'], true)).toEqual([]);
  expect(lost).toEqual(['a']);
  expect(timers).toEqual([]);
});
