// Signals to containers and sizes of nodes, as an operator orders them; what the core tells the node, and what waits sees of it.
import { describe, expect, it } from 'vitest';
import type { ContainerId, NodeId } from '../../../../src/common/ids.ts';
import { applicationReport } from '../../../../src/resourcemanager/core/reports.ts';
import { RmCore } from '../../../../src/resourcemanager/core/rm-core.ts';
import { DEFAULT_QUEUES } from '../../../../src/resourcemanager/core/scheduler/queue-config.ts';
import { CORE_SETTINGS, NOTHING_FOUND } from '../../../helpers/core-settings.ts';

const SETTINGS = { ...CORE_SETTINGS, nmExpiryMs: 1e9, amSilenceMs: 30_000, grantExpiryMs: 1e9 };
const NODE = 'h:n1' as NodeId;
const AM = { kind: 'driver' as const, args: [], env: {}, secretEnv: {}, resources: [], user: 'ada' };

function world() {
  const found = NOTHING_FOUND;
  const core = new RmCore(SETTINGS, found, DEFAULT_QUEUES, 1_000);
  const handle = (event: Record<string, unknown>) => {
    core.handle({ ...event, atMs: 1_000 } as never);
    core.schedule(100);
    return core.takeEffects().tells;
  };
  const node = { nodeId: NODE, host: 'h', rack: '/r', address: 'unix:/n1', containers: [], version: '1', applications: [] };
  handle({ tag: 'nodeRegistered', ...node, capacity: { memoryMb: 4096, vcores: 4 } });
  handle({ tag: 'nodeReady', nodeId: NODE });
  const submit = (memoryMb: number) => {
    const id = core.newApplicationId();
    const submission = { name: 'x', type: 'SPARK', user: 'ada', queue: 'default', tags: [], priority: 0, maxAttempts: 1, unmanaged: false };
    handle({ tag: 'applicationSubmitted', id, submission: { ...submission, am: AM, amResource: { memoryMb, vcores: 1 } }, secret: 's' });
    return core.cluster.applications.get(id)!;
  };
  return { core, handle, submit };
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
});
