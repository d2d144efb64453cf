import { describe, expect, it } from 'vitest';
import { parseYamlProperties } from '../../../../../src/platform/yaml-file.ts';
import { type QueueConfig, queuesFrom } from '../../../../../src/resourcemanager/core/scheduler/queue-config.ts';

const read = async (yaml: string) => queuesFrom('q.yaml', (await parseYamlProperties(yaml)).properties).root;

describe('queue configuration', () => {
  it('reads flat and nested YAML the same', async () => {
    const nested = await read(
      'yarn.scheduler.capacity.root:\n  queues: default, etl\n  default: { capacity: 60 }\n  etl: { capacity: 40, maximum-capacity: 80, state: STOPPED }\n',
    );
    const flat = await read(
      [
        'yarn.scheduler.capacity.root.queues: [default, etl]',
        'yarn.scheduler.capacity.root.default.capacity: 60',
        'yarn.scheduler.capacity.root.etl.capacity: 40',
        'yarn.scheduler.capacity.root.etl.maximum-capacity: 80',
        'yarn.scheduler.capacity.root.etl.state: stopped',
      ].join('\n'),
    );
    expect(nested).toEqual(flat);
    expect(flat.children[1]).toMatchObject({
      path: 'root.etl',
      name: 'etl',
      capacities: new Map([
        ['', { capacity: { kind: 'percent', percent: 40 }, maximum: { kind: 'percent', percent: 80 }, maximumAmShare: 0.5 }],
      ]),
      state: 'STOPPED',
      children: [],
    });
  });

  const root = 'yarn.scheduler.capacity.root';
  const AM_SHARE = 'maximum-am-resource-percent';
  it("takes the drivers' share for all, for a queue with its children, for one", async () => {
    const file = [
      `yarn.scheduler.capacity.${AM_SHARE}: 0.1`,
      `${root}.queues: a, b`,
      `${root}.a: { capacity: 50, ${AM_SHARE}: "0.3", queues: x }`,
      `${root}.a.x.capacity: 100`,
      `${root}.b: { capacity: 50, ${AM_SHARE}: 1 }`,
    ].join('\n');
    const tree = await read(file);
    const share = (q: QueueConfig) => q.capacities.get('')!.maximumAmShare;
    expect([share(tree), ...tree.children.map(share), share(tree.children[0]!.children[0]!)]).toEqual([0.1, 0.3, 1, 0.3]);
  });

  it.each([
    ['shares that do not add up', `${root}.queues: a, b\n${root}.a.capacity: 50\n${root}.b.capacity: 40`, 1, 'add up to 90, not 100'],
    ['a queue without capacity', `${root}.queues: a`, 1, 'queue root.a has no'],
    [
      'a maximum below the capacity',
      `${root}.queues: a\n${root}.a.capacity: 100\n${root}.a.maximum-capacity: 50`,
      3,
      'maximum-capacity 50 is below its capacity 100',
    ],
    [
      'a misspelt property',
      `${root}.queues: a\n${root}.a.capacity: 100\n\n${root}.a.maximum-capacty: 50`,
      4,
      `did you mean ${root}.a.maximum-capacity?`,
    ],
    ['a queue that nobody named', `${root}.queues: a\n${root}.a.capacity: 100\n${root}.b.capacity: 1`, 3, 'unknown property'],
    ['no number', `${root}.queues: a\n${root}.a.capacity: lots`, 2, 'expected a percentage'],
    [
      'percent where a fraction is meant',
      `${root}.queues: a\n${root}.a.capacity: 100\n${root}.a.${AM_SHARE}: 10`,
      3,
      'a fraction from 0 to 1',
    ],
    ['another state', `${root}.queues: a\n${root}.a.capacity: 100\n${root}.a.state: PAUSED`, 3, 'expected RUNNING or STOPPED'],
    ['nothing', '# empty', 1, 'names no queue'],
  ])('refuses %s with its line', async (_, yaml, line, detail) => {
    await expect(read(yaml)).rejects.toMatchObject({ code: 'QUEUE_CONFIG_INVALID', params: { file: 'q.yaml', line } });
    await expect(read(yaml)).rejects.toThrow(detail);
  });

  it('tells the line of broken YAML', async () => {
    expect((await parseYamlProperties('a: 1\nb: [1\nc: 2\n')).fault?.line).toBeGreaterThanOrEqual(2);
  });
});
