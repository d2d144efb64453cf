// An executor is sent away: what it is told and when it ends, with a stand-in for the table of executors and timers that the test runs.
import { expect, test } from 'vitest';
import { Decommissioner, type DecommissionSettings } from '../../../../../src/runtime/driver/service/decommissioner.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {}, named: () => silent };

function rig(settings: Partial<DecommissionSettings> = {}, ids = ['1', '2', '3']) {
  const did: string[] = [];
  const timers: { afterMs: number; run: () => void; off: boolean }[] = [];
  const executors = new Map(
    ids.map((id) => [
      id,
      {
        id,
        leaving: undefined as string | undefined,
        gone: false,
        slots: new Map([[0, { id: Number(id) }]]),
        peer: { push: () => did.push(`ask ${id}`) },
      },
    ]),
  );
  const retiring = new Set<string>();
  const busy = new Set<string>();
  const keeping = new Set<string>();
  const table = {
    executors,
    options: { blocks: { retiring }, onExecutor: ({ executorId }: { executorId: string }) => did.push(`leaves ${executorId}`) },
  };
  const retire = (id: string, reason: string) => {
    did.push(`retire ${id}: ${reason}`);
    executors.get(id)!.gone = true;
    executors.delete(id);
  };
  const tasks = {
    get slots() {
      return new Map(ids.map((id) => [Number(id), { executorId: id, inFlight: busy.has(id) ? 1 : 0, launches: 0 }]));
    },
    results: { of: (id: string) => (keeping.has(id) ? 1 : 0) },
  }; // prettier-ignore
  const decommissioner = new Decommissioner(
    {
      migrate: true,
      shuffles: undefined,
      fallbackDir: undefined,
      fallbackCleanUp: false,
      maxFailures: 3,
      reattemptMs: 30_000,
      forceKillMs: undefined,
      ...settings,
    },
    {
      executors: { table, retire },
      tasks,
      drain: (slotId: number) => did.push(`drain ${slotId}`),
      release: (id: string) => did.push(`release ${id}`),
      timers: {
        after(afterMs: number, run: () => void) {
          const timer = { afterMs, run, off: false };
          timers.push(timer);
          return () => {
            timer.off = true;
          };
        },
      },
      log: silent,
    } as never,
  );
  const fire = (afterMs: number) => timers.filter((t) => t.afterMs === afterMs && !t.off).forEach((t) => t.run());
  return { decommissioner, did, executors, retiring, busy, keeping, fire, take: () => did.splice(0) };
}

test('an idle executor hands on its blocks, and ends when it has', () => {
  const { decommissioner, take, retiring } = rig();
  expect(decommissioner.begin(['1'], 'spark scale down')).toEqual(['1']);
  expect(take()).toEqual(['drain 1', 'leaves 1', 'ask 1']);
  expect([...retiring]).toEqual(['1']); // nobody gives it copies
  decommissioner.look();
  expect(take()).toEqual([]);
  decommissioner.moved('1', 4, 0);
  expect(take()).toEqual(['retire 1: Executor decommission: spark scale down', 'release 1']);
  expect([decommissioner.busy, retiring.size]).toEqual([false, 0]);
});

test('a busy one ends its tasks first, and hands on what they have cached meanwhile', () => {
  const { decommissioner, take, busy } = rig();
  busy.add('1');
  decommissioner.begin(['1'], 'it received SIGPWR');
  take();
  decommissioner.moved('1', 2, 0);
  expect(take()).toEqual([]);
  busy.clear();
  decommissioner.look();
  expect(take()).toEqual(['ask 1']);
  decommissioner.moved('1', 1, 0);
  expect(take().at(-1)).toBe('release 1');
});

test('blocks that nobody took are tried again, three times in all, while there is somebody else', () => {
  const { decommissioner, take, fire } = rig();
  decommissioner.begin(['1'], 'why');
  for (const _ of [1, 2]) {
    decommissioner.moved('1', 0, 3);
    decommissioner.look(); // no second wait
    take();
    fire(30_000);
    expect(take().filter((line) => line === 'ask 1').length).toBeGreaterThan(0);
  }
  decommissioner.moved('1', 0, 3);
  expect(take().at(-1)).toBe('release 1');
  const alone = rig({}, ['1']);
  alone.decommissioner.begin(['1'], 'why');
  alone.decommissioner.moved('1', 0, 3);
  expect(alone.take().at(-1)).toBe('release 1');
});

test('without handing on it ends when its tasks have ended', () => {
  const { decommissioner, take, busy } = rig({ migrate: false });
  busy.add('2');
  decommissioner.begin(['1', '2', '77'], 'why');
  expect(take()).toEqual(['drain 1', 'leaves 1', 'drain 2', 'leaves 2', 'retire 1: Executor decommission: why', 'release 1']);
  busy.clear();
  decommissioner.look();
  expect(take()).toEqual(['retire 2: Executor decommission: why', 'release 2']);
});

test('it is sent away once; what died on the way is forgotten', () => {
  const { decommissioner, take, executors, busy } = rig();
  busy.add('1');
  expect(decommissioner.begin(['1'], 'why')).toEqual(['1']);
  expect(decommissioner.begin(['1'], 'again')).toEqual([]);
  executors.get('1')!.gone = true;
  decommissioner.look();
  expect(decommissioner.busy).toBe(false);
  decommissioner.moved('1', 1, 0);
  expect(take().filter((line) => line.startsWith('retire'))).toEqual([]);
});

test('it is ended after spark.executor.decommission.forceKillTimeout, whatever it does', () => {
  const { decommissioner, take, busy, fire } = rig({ forceKillMs: 5_000 });
  busy.add('1');
  decommissioner.begin(['1'], 'why');
  take();
  fire(5_000);
  expect(take()).toEqual(['retire 1: Executor decommission: why, ended after 5000 ms', 'release 1']);
});

test('an executor that keeps results of tasks stays until the driver has fetched them', () => {
  const { decommissioner, take, keeping } = rig();
  keeping.add('1');
  decommissioner.begin(['1'], 'spark scale down');
  decommissioner.moved('1', 0, 0);
  expect(take().some((what) => what.startsWith('retire'))).toBe(false);
  keeping.delete('1');
  decommissioner.look();
  decommissioner.moved('1', 0, 0);
  expect(take()).toContain('release 1');
});
