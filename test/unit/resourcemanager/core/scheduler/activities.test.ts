// The recorder of YARN's scheduler/activities: what it says before, during and after a round, and that it stays small.
import { describe, expect, it } from 'vitest';
import type { ApplicationId, ContainerId, NodeId } from '../../../../../src/common/ids.ts';
import { Activities, javaDate, type WaitingApp } from '../../../../../src/resourcemanager/core/scheduler/activities.ts';

const APP = 'application_1700000000000_0001' as ApplicationId;
const OTHER = 'application_1700000000000_0002' as ApplicationId;
const NODE = 'h:n1' as NodeId;
const NOW = 1_795_353_334_449;

const waiting = (id: ApplicationId, queue = 'root.etl'): WaitingApp => ({
  id,
  queue,
  appPriority: 0,
  requests: () => [
    {
      askId: 1,
      priority: 1,
      count: 2,
      memoryMb: 1024,
      vcores: 1,
      obstacle: 'QUEUE_FULL',
      because: 'queue root.etl is full',
      wouldLetItRun: 'It fits later.',
    },
  ],
});
const placed = (id: ApplicationId, n: number, nodeId = NODE) => ({
  id,
  queue: 'root.etl',
  appPriority: 0,
  requestPriority: 1,
  askId: 1,
  nodeId,
  containerId: `container_1700000000000_0001_01_00000${n}` as ContainerId,
});
const round = (a: Activities, still: WaitingApp[] = [], nowMs = NOW) => a.endRound({ nowMs, someNode: NODE, waiting: () => still });

describe('Activities', () => {
  it('is off until asked, then says what YARN says when nothing waits', () => {
    const a = new Activities();
    expect(a.on).toBe(false);
    expect(a.ofScheduler(undefined, NOW)).toEqual({ diagnostic: 'waiting for next allocation' });
    expect(a.on).toBe(true);
    round(a);
    expect(a.ofScheduler(undefined, NOW)).toEqual({
      nodeId: NODE,
      timestamp: NOW,
      dateTime: 'Sun Nov 22 13:15:34 UTC 2026',
      allocations: [
        {
          partition: '',
          finalAllocationState: 'SKIPPED',
          root: { name: 'root', allocationState: 'SKIPPED', diagnostic: 'Queue does not need more resource' },
        },
      ],
    });
  });

  it('shows a placement under its queue, application and request, and beside it who still waits and why', () => {
    const a = new Activities();
    a.ofScheduler(NODE, NOW);
    a.placed(placed(APP, 2));
    a.placed(placed(APP, 3));
    round(a, [waiting(OTHER)]);
    const record = a.ofScheduler(NODE, NOW) as unknown as { allocations: { finalAllocationState: string; root: unknown }[] };
    expect(record.allocations[0]).toMatchObject({
      finalAllocationState: 'ALLOCATED',
      root: {
        name: 'root',
        allocationState: 'ALLOCATED',
        children: [
          {
            name: 'root.etl',
            allocationState: 'ALLOCATED',
            children: [
              {
                name: APP,
                allocationState: 'ALLOCATED',
                children: [{ requestPriority: 1, allocationState: 'ALLOCATED', children: [{ nodeId: NODE }, { nodeId: NODE }] }],
              },
              {
                name: OTHER,
                allocationState: 'SKIPPED',
                children: [
                  {
                    allocationState: 'SKIPPED',
                    diagnostic: 'Waiting for 2 containers of 1024 MB and 1 vcore: queue root.etl is full. It fits later.',
                  },
                ],
              },
            ],
          },
        ],
      },
    });
  });

  it('a node that was asked for gets its record only when something happened there, or when nothing happened at all', () => {
    const a = new Activities();
    a.ofScheduler('h:n2' as NodeId, NOW);
    a.placed(placed(APP, 2));
    round(a);
    expect(a.ofScheduler('h:n2' as NodeId, NOW)).toEqual({ diagnostic: 'waiting for next allocation' });
    round(a);
    expect(a.ofScheduler('h:n2' as NodeId, NOW)).toMatchObject({ nodeId: 'h:n2' });
  });

  it("keeps an application's rounds for the time asked: its placements all, the same wait once a second", () => {
    const a = new Activities();
    expect(a.ofApplication(APP, 3_000, NOW)).toEqual([]);
    round(a, [waiting(APP)]);
    round(a, [waiting(APP)], NOW + 500);
    a.placed(placed(APP, 2));
    round(a, [], NOW + 1_500);
    round(a, [waiting(APP)], NOW + 3_500);
    const seen = a.ofApplication(APP, 0, NOW + 4_000);
    expect(seen.map((s) => [s.allocationState, s.timestamp - NOW])).toEqual([
      ['SKIPPED', 0],
      ['ALLOCATED', 1_500],
    ]);
    expect(seen[0]).toMatchObject({ queueName: 'root.etl', children: [{ allocationRequestId: 1, allocationState: 'SKIPPED' }] });
  });

  it('walks nothing when nobody asks, and forgets', () => {
    const a = new Activities();
    a.ofApplication(APP, 3_000, NOW);
    const never = () => {
      throw new Error('walked');
    };
    a.endRound({ nowMs: NOW + 3_001, someNode: NODE, waiting: never });
    a.endRound({ nowMs: NOW + 700_000, someNode: NODE, waiting: never });
    expect(a.on).toBe(false);
  });

  it('is bounded: 100 records, 50 waiting applications in one', () => {
    const a = new Activities();
    for (let i = 0; i < 300; i++) {
      a.bulk(100, NOW);
      round(
        a,
        Array.from({ length: 70 }, (_, n) => waiting(`application_1700000000000_${1000 + n}` as ApplicationId)),
      );
    }
    const all = a.bulk(1_000, NOW);
    expect(all).toHaveLength(100);
    expect(all[0]!.allocations[0]!.root.diagnostic).toBe('20 more applications wait');
  });

  it('writes times as Java does', () => expect(javaDate(NOW)).toBe('Sun Nov 22 13:15:34 UTC 2026'));
});
