// What a driver holds when it comes back: what it names stays its own, what it was told of and does not name is given to others.
import { expect, it } from 'vitest';
import { attemptId, type ContainerId, type NodeId } from '../../../../src/common/ids.ts';
import type { DriverAsk, DriverRegistered } from '../../../../src/resourcemanager/core/events.ts';
import { RmCore } from '../../../../src/resourcemanager/core/rm-core.ts';
import { DEFAULT_QUEUES } from '../../../../src/resourcemanager/core/scheduler/queue-config.ts';
import { CORE_SETTINGS, NOTHING_FOUND } from '../../../helpers/core-settings.ts';

const NODE = 'h:n1' as NodeId;
const ASK: DriverAsk = { askId: 1, priority: 0, count: 2, resource: { memoryMb: 512, vcores: 1 }, hosts: [] };

function world() {
  const core = new RmCore(CORE_SETTINGS, NOTHING_FOUND, DEFAULT_QUEUES, 1_000);
  const handle = (event: Record<string, unknown>) => {
    core.handle({ ...event, atMs: 1_000 } as never);
    core.schedule(100);
    return core.takeEffects().tells;
  };
  const node = { nodeId: NODE, host: 'h', rack: '/r', address: 'unix:/n1', containers: [], version: '1', applications: [] };
  handle({ tag: 'nodeRegistered', ...node, capacity: { memoryMb: 4096, vcores: 4 } });
  handle({ tag: 'nodeReady', nodeId: NODE });
  const id = core.newApplicationId();
  const submission = { name: 'x', type: 'SPARK', user: 'ada', queue: 'default', tags: [], priority: 0, maxAttempts: 1, unmanaged: true };
  handle({ tag: 'applicationSubmitted', id, submission, secret: 's' });
  const me = attemptId(id, 1);
  const register = (held: readonly ContainerId[], lastUpdateSeq: number) => {
    const about: Omit<DriverRegistered, 'atMs'> = {
      ...{ tag: 'driverRegistered', attemptId: me, host: 'h', rpcPort: 1, trackingUrl: '', epoch: 0, asks: [] },
      ...{ lastUpdateSeq, held },
    };
    return [...handle(about), ...handle({ tag: 'driverReady', attemptId: me })];
  };
  register([], 0);
  const allocate = { release: [], ackedUpdateSeq: 0, progress: 0, diagnostics: '' };
  const tells = handle({ tag: 'driverAllocate', attemptId: me, seq: 1, asks: [ASK], ...allocate });
  const [update] = tells.flatMap((t) => (t.tag === 'tellDriver' ? t.updates : []));
  return { core, handle, register, me, update: update!, attempt: core.cluster.attempt(me)! };
}

it('a grant that came and was given back while the connection broke is free again: its release was lost, and nobody would ever use it', () => {
  const { core, handle, register, me, update, attempt } = world();
  const [kept, givenBack] = update.granted.map(({ container }) => container.id);
  handle({ tag: 'driverDisconnected', attemptId: me });
  const told = register([kept!], update.seq);
  expect(attempt.containers.values().map(({ id }) => id)).toEqual([kept]);
  expect(core.cluster.containers.has(givenBack!)).toBe(false);
  expect(told.flatMap((t) => (t.tag === 'tellNode' ? t.orders : [])).map(({ what }) => what)).toEqual([
    { tag: 'kill', containerId: givenBack },
  ]);
});

it('a grant that it has not heard of is not what it gave back', () => {
  const { handle, register, me, attempt } = world();
  handle({ tag: 'driverDisconnected', attemptId: me });
  register([], 0);
  expect(attempt.containers.size).toBe(2);
});

it('what it holds and no node knows is told as lost, and a node that brings it later is to end it', () => {
  const { core, handle, register, me, update } = world();
  core.cluster.recoveringUntilMs = 0; // nodes had their time to register
  const held = update.granted.map(({ container }) => container.id);
  const stranger = 'container_1_0001_01_000077' as ContainerId;
  const told = register([...held, stranger], update.seq);
  const completed = told.flatMap((t) => (t.tag === 'tellDriver' ? t.updates.flatMap((u) => u.completed) : []));
  expect(completed).toEqual([{ containerId: stranger, exitStatus: -100, diagnostics: 'Container released on a *lost* node' }]);
  handle({ tag: 'driverAllocate', attemptId: me, seq: 2, asks: [], release: [], ackedUpdateSeq: 9, progress: 0, diagnostics: '' });
  const report = { containerId: stranger, resource: ASK.resource, user: 'ada', state: 'RUNNING', exitStatus: -1000, diagnostics: '' };
  const reports = [{ ...report, startedAtMs: 1, finishedAtMs: 0 }];
  const about = { seq: 1, reports, ackedOrders: 0, healthy: true, healthReport: '' };
  const orders = handle({ tag: 'nodeHeartbeat', nodeId: NODE, ...about }).flatMap((t) => (t.tag === 'tellNode' ? t.orders : []));
  expect(orders.map(({ what }) => what)).toEqual([{ tag: 'kill', containerId: stranger }]);
});
