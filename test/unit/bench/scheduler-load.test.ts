// Traces as SLS and Rumen write them become the same loads as made-up ones: what bench/scheduler.ts replays.
import { describe, expect, it } from 'vitest';
import { objectsOf, rumenLoad, slsLoad, syntheticLoad, syntheticSls } from '../../../bench/lib/scheduler-load.ts';
import { queuesFrom } from '../../../src/resourcemanager/core/scheduler/queue-config.ts';

const SLS = `{
  "am.type" : "mapreduce", "job.start.ms" : 5000, "job.end.ms" : 95375, "job.queue.name" : "sls_queue_1", "job.id" : "job_1", "job.user" : "ada",
  "job.tasks" : [
    { "container.host" : "/default-rack/node1", "container.start.ms" : 6664, "container.end.ms" : 23707, "container.priority" : 20, "container.type" : "map" },
    { "container.host" : "/default-rack/node{3", "container.start.ms" : 6665, "container.end.ms" : 21593, "container.priority" : 20, "container.type" : "map" },
    { "container.host" : "/default-rack/node2", "container.start.ms" : 68770, "container.end.ms" : 86613, "container.priority" : 10, "container.type" : "reduce" }
  ]
}
{ "am.type" : "mapreduce", "job.start.ms" : 105204, "job.queue.name" : "root.a.sls queue", "job.tasks" : [] }`;

describe('a trace of SLS', () => {
  const { apps, nodes } = slsLoad(SLS, 7);

  it('gives an ask for each priority and size, with the life of every container', () => {
    expect(apps[0]).toEqual({
      queue: 'root.trace.sls_queue_1',
      user: 'ada',
      priority: 0,
      arrivalMs: 5000,
      asks: [
        { priority: 20, memoryMb: 1024, vcores: 1, count: 2, hosts: [], livesMs: [17_043, 14_928] },
        { priority: 10, memoryMb: 1024, vcores: 1, count: 1, hosts: [], livesMs: [17_843] },
      ],
    });
    expect(apps[1]).toMatchObject({ queue: 'root.trace.a_sls_queue', user: 'default', arrivalMs: 105_204, asks: [] });
    expect(nodes).toHaveLength(7);
  });

  it('is refused when it ends in the middle', () => {
    expect(() => objectsOf(SLS.slice(0, -3))).toThrow(/middle of an object/);
  });
});

describe('a trace of Rumen', () => {
  it('takes maps and reduces by their last attempts', () => {
    const job = (jobID: string, submitTime: number) => ({
      jobID,
      user: { value: 'ada' },
      queue: 'etl',
      submitTime,
      mapTasks: [
        {
          attempts: [
            { startTime: 10, finishTime: 20 },
            { startTime: 30, finishTime: 80 },
          ],
        },
        { attempts: [] },
      ],
      reduceTasks: [{ attempts: [{ startTime: 90, finishTime: 100 }] }],
    });
    const { apps } = rumenLoad(JSON.stringify([job('job_1', 1000), job('job_2', 1500)]), 3);
    expect(apps.map(({ arrivalMs }) => arrivalMs)).toEqual([0, 500]);
    expect(apps[0]).toMatchObject({
      queue: 'root.trace.etl',
      user: 'ada',
      asks: [
        { priority: 20, count: 1, livesMs: [50] },
        { priority: 10, count: 1, livesMs: [10] },
      ],
    });
  });
});

describe('queues of every load', () => {
  it.each([
    ['made up', syntheticLoad(10, 20)],
    ['of a trace', slsLoad(syntheticSls(5), 3)],
  ])('%s are taken by our capacity scheduler, and every application names a leaf', (_, { capacity, apps }) => {
    const properties = Object.entries(capacity).map(([name, value], i) => ({ name, value, line: i + 1 }));
    queuesFrom('load', properties);
    for (const { queue } of apps) {
      const [, parent, leaf] = queue.split('.');
      expect(capacity[`yarn.scheduler.capacity.root.${parent}.queues`]!.split(',')).toContain(leaf);
    }
  });
});
