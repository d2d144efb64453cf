// Node labels through the whole core: given by an operator, kept over a restart, obeyed by submissions and asks, mistakes told at once.
import { describe, expect, it } from 'vitest';
import { attemptId, type NodeId } from '../../../../src/common/ids.ts';
import type { LabelsRecord, Recovered } from '../../../../src/resourcemanager/core/records.ts';
import { RmCore } from '../../../../src/resourcemanager/core/rm-core.ts';
import { capacityQueues } from '../../../helpers/capacity-queues.ts';
import { CORE_SETTINGS, NOTHING_FOUND } from '../../../helpers/core-settings.ts';

const QUEUES = capacityQueues({
  'root.queues': 'a,b',
  'root.a.capacity': 50,
  'root.a.accessible-node-labels.gpu.capacity': 100,
  'root.b.capacity': 50,
  'root.b.accessible-node-labels': '',
});

class World {
  core: RmCore;
  labels: LabelsRecord | undefined;

  constructor(found: Recovered = NOTHING_FOUND) {
    this.core = new RmCore(CORE_SETTINGS, found, QUEUES, 1000);
  }

  handle(event: Record<string, unknown>): void {
    this.core.handle({ ...event, atMs: 1000 } as never);
    this.core.schedule(100);
    for (const save of this.core.takeEffects().saves) if (save.tag === 'saveLabels') this.labels = save.record;
  }

  change(what: { add?: unknown[]; remove?: string[]; replace?: unknown[] }): void {
    this.handle({ tag: 'labelsChanged', add: [], remove: [], replace: [], ...what });
  }

  node(name: string): void {
    const about = { host: `host-${name}`, rack: '/r', address: `unix:/${name}`, containers: [], version: '1', applications: [] };
    this.handle({ tag: 'nodeRegistered', nodeId: name as NodeId, capacity: { memoryMb: 4096, vcores: 4 }, ...about });
  }

  driver(queue: string, nodeLabelExpression?: string) {
    const id = this.core.newApplicationId();
    const submission = { name: 'x', type: 'SPARK', user: 'ada', queue, tags: [], priority: 0, maxAttempts: 1, unmanaged: true };
    this.handle({ tag: 'applicationSubmitted', id, submission: { ...submission, nodeLabelExpression }, secret: 's' });
    const attempt = attemptId(id, 1);
    const about = { host: 'h', rpcPort: -1, trackingUrl: '', lastUpdateSeq: 0, epoch: 0, held: [], asks: [] };
    this.handle({ tag: 'driverRegistered', attemptId: attempt, ...about });
    let seq = 0;
    const ask = (count: number, label?: string) =>
      this.handle({
        tag: 'driverAllocate',
        attemptId: attempt,
        seq: ++seq,
        asks: [{ askId: 1, priority: 0, count, resource: { memoryMb: 1024, vcores: 1 }, hosts: [], label }],
        release: [],
        ackedUpdateSeq: 0,
        progress: 0,
        diagnostics: '',
      });
    const nodes = () => [...this.core.cluster.applications.get(id)!.attempts[0]!.containers.values()].map((c) => c.node.id);
    return { ask, nodes };
  }
}

const GPU = { name: 'gpu', exclusive: true };

describe('node labels', () => {
  it('send containers to their nodes, by the submission or by the ask', () => {
    const w = new World();
    w.change({ add: [GPU], replace: [{ node: 'host-n2', label: 'gpu' }] });
    for (const name of ['n1', 'n2']) w.node(name);
    const [labelled, plain] = [w.driver('a', 'gpu'), w.driver('a')];
    labelled.ask(2);
    plain.ask(2);
    expect([labelled.nodes(), plain.nodes()]).toEqual([
      ['n2', 'n2'],
      ['n1', 'n1'],
    ]);
    plain.ask(3, 'gpu'); // two are on the way to it and come off
    expect(plain.nodes()).toEqual(['n1', 'n1', 'n2']);
  });

  it('are refused with the reason where they are a mistake', () => {
    const w = new World();
    w.change({ add: [GPU] });
    expect(() => w.driver('b', 'gpu')).toThrow('queue root.b has no access to nodes with label gpu');
    expect(() => w.driver('a', 'gpo')).toThrow('there is no node label gpo; the labels of the cluster are gpu. Did you mean gpu?');
    expect(() => w.driver('b').ask(1, 'gpu')).toThrow('ask 1 was refused: queue root.b has no access');
    expect(() => w.change({ replace: [{ node: 'n1', label: 'gpx' }] })).toThrow(
      'it is not a label of the cluster; the labels of the cluster are gpu',
    );
    expect(() => w.change({ add: [{ name: 'gpu', exclusive: false }] })).toThrow('it is there already, with exclusive=true');
    expect(() => w.change({ add: [{ name: 'a b', exclusive: true }] })).toThrow('letters, digits');
    w.change({ replace: [{ node: 'n1', label: 'gpu' }] });
    expect(() => w.change({ remove: ['gpu'] })).toThrow('node n1 has it; replace it there first');
    w.change({ remove: ['gpu'], replace: [{ node: 'n1', label: '' }] });
    expect(w.labels).toEqual({ labels: [], nodes: [] });
  });

  it('move a node that runs containers, and are there again after a restart', () => {
    const w = new World();
    w.node('n1');
    const plain = w.driver('a');
    plain.ask(2);
    w.change({ add: [GPU], replace: [{ node: 'n1', label: 'gpu' }] });
    const used = w.core.cluster.scheduler
      .queues()
      .find((q) => q.path === 'root.a')!
      .partitions.map((p) => [p.label, p.used.memoryMb]);
    expect(used).toEqual([
      ['', 0],
      ['gpu', 2048],
    ]);
    const again = new World({ ...NOTHING_FOUND, epoch: 1, labels: w.labels });
    again.node('n1');
    expect(again.core.cluster.scheduler.labels()).toEqual([GPU]);
    const labelled = again.driver('a', 'gpu');
    labelled.ask(1);
    expect(labelled.nodes()).toEqual(['n1']);
  });

  it('and a largest container of the queue bind what its drivers ask for', () => {
    const w = new World();
    w.core = new RmCore(
      CORE_SETTINGS,
      NOTHING_FOUND,
      capacityQueues({ 'root.queues': 'a', 'root.a.capacity': 100, 'root.a.maximum-allocation-mb': 512 }),
      1000,
    );
    w.node('n1');
    expect(() => w.driver('a').ask(1)).toThrow('asks for 1024 MB and 1 vcore; the largest container of this cluster is 512 MB');
  });
});
