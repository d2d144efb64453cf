// Signals to containers and sizes of nodes, as an operator orders them; what the core tells the node, and what waits sees of it.
import { describe, expect, it } from 'vitest';
import type { ContainerId, NodeId } from '../../../../src/common/ids.ts';
import type { NodeSizeRecord, Recovered } from '../../../../src/resourcemanager/core/records.ts';
import { applicationReport } from '../../../../src/resourcemanager/core/reports.ts';
import { RmCore } from '../../../../src/resourcemanager/core/rm-core.ts';
import { DEFAULT_QUEUES } from '../../../../src/resourcemanager/core/scheduler/queue-config.ts';
import { CORE_SETTINGS, NOTHING_FOUND } from '../../../helpers/core-settings.ts';

const SETTINGS = { ...CORE_SETTINGS, nmExpiryMs: 1e9, amSilenceMs: 30_000, grantExpiryMs: 1e9 };
const NODE = 'h:n1' as NodeId;
const AM = { kind: 'driver' as const, args: [], env: {}, secretEnv: {}, resources: [], user: 'ada' };

const CAPACITY = { memoryMb: 4096, vcores: 4 };

function world(found: Recovered = NOTHING_FOUND) {
  const core = new RmCore(SETTINGS, found, DEFAULT_QUEUES, 1_000);
  const sizes = new Map<NodeId, NodeSizeRecord>();
  const handle = (event: Record<string, unknown>) => {
    core.handle({ ...event, atMs: 1_000 } as never);
    core.schedule(100);
    const { saves, tells } = core.takeEffects();
    for (const save of saves) {
      if (save.tag === 'saveNodeSize') sizes.set(save.record.id, save.record);
      if (save.tag === 'forgetNodeSize') sizes.delete(save.id);
    }
    return tells;
  };
  const node = { nodeId: NODE, host: 'h', rack: '/r', address: 'unix:/n1', containers: [], version: '1', applications: [] };
  const register = (capacity = CAPACITY) => handle({ tag: 'nodeRegistered', ...node, capacity });
  register();
  handle({ tag: 'nodeReady', nodeId: NODE });
  const submit = (memoryMb: number) => {
    const id = core.newApplicationId();
    const submission = { name: 'x', type: 'SPARK', user: 'ada', queue: 'default', tags: [], priority: 0, maxAttempts: 1, unmanaged: false };
    handle({ tag: 'applicationSubmitted', id, submission: { ...submission, am: AM, amResource: { memoryMb, vcores: 1 } }, secret: 's' });
    return core.cluster.applications.get(id)!;
  };
  return { core, handle, submit, register, sizes };
}

describe('operators', () => {
  it('a signal goes to the node of the container as an order; twice is two', () => {
    const { core, handle, submit } = world();
    const { containerId } = submit(512).attempts[0]!.am!;
    const signal = (id: ContainerId) => handle({ tag: 'containerSignalled', id, user: 'ada', signal: 'SIGTERM' });
    const orders = [...signal(containerId), ...signal(containerId)].flatMap((t) =>
      t.tag === 'tellNode' ? t.orders.map((o) => o.what) : [],
    );
    expect(orders).toEqual([
      { tag: 'signal', containerId, signal: 'SIGTERM' },
      { tag: 'signal', containerId, signal: 'SIGTERM' },
    ]);
    expect(core.cluster.containers.has(containerId)).toBe(true); // whether it ends is its own affair
    expect(() => signal('container_1_0001_01_000099' as ContainerId)).toThrow('container_1_0001_01_000099');
  });

  it('a larger node lets in what waited, and a smaller one than its containers hold is refused', () => {
    const { core, handle, submit } = world();
    submit(2048);
    const waits = submit(3000);
    const report = () => applicationReport(core.cluster, waits);
    expect(report().diagnostics).toMatch(/Waiting for the AM container of 3000 MB and 1 vcore: .*It fits when/);
    expect(report().waiting).toMatchObject([{ count: 1, memoryMb: 3000, vcores: 1 }]);
    const resize = (memoryMb: number) => handle({ tag: 'nodeResized', nodeId: NODE, capacity: { memoryMb, vcores: 8 } });
    expect(() => resize(1024)).toThrow();
    resize(16_384);
    expect(waits.attempts[0]!.state.tag).toBe('ALLOCATED');
    expect(report().waiting).toBeUndefined();
    resize(16_384); // again changes nothing
    expect(core.cluster.nodes.get(NODE)!.capacity).toEqual({ memoryMb: 16_384, vcores: 8 });
  });

  it('what a node is ordered to count with holds over its restarts and ours, until it is what the node offers', () => {
    const { core, handle, register, sizes } = world();
    const order = (capacity: typeof CAPACITY, to = handle) => to({ tag: 'nodeResized', nodeId: NODE, capacity });
    const size = (of: RmCore) => [of.cluster.nodes.get(NODE)!.capacity, of.cluster.scheduler.total].map((r) => r.memoryMb);
    order({ memoryMb: 9000, vcores: 4 });
    register();
    expect(size(core)).toEqual([9000, 9000]);
    expect(core.cluster.maximumAllocation()!.memoryMb).toBe(9000); // or an ask that needs it would be refused
    register({ memoryMb: 5000, vcores: 4 }); // its settings were changed: the order holds
    expect(size(core)).toEqual([9000, 9000]);

    const again = world({ ...NOTHING_FOUND, epoch: 1, nodeSizes: [...sizes.values()] });
    expect(size(again.core)).toEqual([9000, 9000]);
    again.handle({ tag: 'nodeDisconnected', nodeId: NODE });
    order(CAPACITY, again.handle);
    expect(again.sizes.size).toBe(0);
    again.register({ memoryMb: 5000, vcores: 4 });
    expect(size(again.core)).toEqual([5000, 5000]);
  });

  it('a node that drains stays when it is told to, and gets what waits; who does not drain is refused', () => {
    const { core, handle, submit } = world();
    submit(512);
    const state = () => core.cluster.nodes.get(NODE)!.state.tag;
    const stay = () => handle({ tag: 'nodeRecommission', nodeId: NODE });
    expect(stay).toThrow('The node h:n1 is RUNNING: only one that is DECOMMISSIONING can be kept');
    handle({ tag: 'nodeDecommission', nodeId: NODE, graceful: true, timeoutMs: 5_000, byList: true });
    expect([state(), core.cluster.nodes.get(NODE)!.drainByList]).toEqual(['DECOMMISSIONING', true]);
    const waits = submit(512);
    expect(waits.attempts[0]!.state.tag).toBe('SCHEDULED');
    stay();
    expect([state(), waits.attempts[0]!.state.tag]).toEqual(['RUNNING', 'ALLOCATED']);
    core.handle({ tag: 'timePassed', atMs: 10_000 }); // the time that it had is not counted any more
    expect(state()).toBe('RUNNING');
  });
});
