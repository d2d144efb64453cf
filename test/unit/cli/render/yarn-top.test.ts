// yarn top against the screen of YARN 3.5 (golden: yarn-cli/top.raw), and what it sums up.
import { describe, expect, it } from 'vitest';
import { topLines } from '../../../../src/cli/render/yarn-top.ts';
import type { ApplicationReport, NodeReport } from '../../../../src/rpc/messages/shapes.ts';

const application = (over: Partial<ApplicationReport>): ApplicationReport =>
  ({
    applicationId: 'application_1795352279007_0004',
    user: 'root',
    type: 'SPARK',
    queue: 'root.default',
    priority: 0,
    state: 'RUNNING',
    progress: 10,
    submittedAtMs: 0,
    usedMemoryMb: 3072,
    usedVcores: 3,
    runningContainers: 3,
    memoryMbSeconds: 868_352,
    vcoreSeconds: 847,
    ...over,
  }) as ApplicationReport;
const node = (over: Partial<NodeReport> = {}): NodeReport =>
  ({
    nodeId: 'h:1',
    state: 'RUNNING',
    capacity: { memoryMb: 8192, vcores: 8 },
    used: { memoryMb: 2048, vcores: 2 },
    runningContainers: 2,
    ...over,
  }) as NodeReport;
const facts = (
  applications: ApplicationReport[],
  nodes: NodeReport[] = [node(), node({ used: { memoryMb: 1024, vcores: 1 }, runningContainers: 1 })],
) => ({
  nowMs: new Date(2026, 10, 22, 13, 19, 23).getTime(),
  startedAtMs: new Date(2026, 10, 22, 12, 58, 0).getTime(),
  queues: 'root',
  applications: applications.filter(({ state }) => state !== 'FINISHED'),
  counts: Object.fromEntries([...Map.groupBy(applications, ({ state }) => state)].map(([state, all]) => [state, all.length])),
  nodes,
});

describe('yarn top', () => {
  it('has the head, the columns and the rows of YARN', () => {
    const { nowMs } = facts([]);
    const { head, columns, rows } = topLines(facts([application({ submittedAtMs: nowMs - 3_000 })]), 'containers', 160);
    expect(head).toEqual([
      'YARN top - 13:19:23, up 0d, 0:21, 1 active users, queue(s): root',
      'NodeManager(s): 2 total, 2 active, 0 unhealthy, 0 decommissioning, 0 decommissioned, 0 lost, 0 rebooted, 0 shutdown',
      'Queue(s) Applications: 1 running, 1 submitted, 0 pending, 0 completed, 0 killed, 0 failed',
      'Queue(s) Mem(GB): 13 available, 3 allocated, 0 pending, 0 reserved',
      'Queue(s) VCores: 13 available, 3 allocated, 0 pending, 0 reserved',
      'Queue(s) Containers: 3 allocated, 0 pending, 0 reserved',
    ]);
    expect(columns).toBe(
      '                  APPLICATIONID USER             TYPE      QUEUE PRIOR   #CONT  #RCONT  VCORES RVCORES     MEM    RMEM  VCORESECS    MEMSECS %PROGR       TIME',
    );
    expect(rows).toEqual([
      ' application_1795352279007_0004 root            spark root.default     0       3       0       3       0      3G      0G        847        848  10.00 00:00:00:0',
    ]);
  });

  it('counts what waits, and orders as asked; ended ones have no row', () => {
    const waiting = [{ askId: 1, priority: 1, count: 3, memoryMb: 2048, vcores: 2, obstacle: 'NO_ROOM', because: '', wouldLetItRun: '' }];
    const list = [
      application({ applicationId: 'application_1_0001' as never, user: 'zoe', usedMemoryMb: 9000, runningContainers: 1 }),
      application({ applicationId: 'application_1_0002' as never, user: 'ann', runningContainers: 5, waiting }),
      application({ applicationId: 'application_1_0003' as never, state: 'FINISHED' }),
      application({ applicationId: 'application_1_0004' as never, state: 'ACCEPTED', runningContainers: 0 }),
    ];
    const { head } = topLines(facts(list), 'user', 200);
    expect(head[2]).toBe('Queue(s) Applications: 2 running, 4 submitted, 1 pending, 1 completed, 0 killed, 0 failed');
    expect(head.slice(3)).toEqual([
      'Queue(s) Mem(GB): 13 available, 3 allocated, 6 pending, 0 reserved',
      'Queue(s) VCores: 13 available, 3 allocated, 6 pending, 0 reserved',
      'Queue(s) Containers: 3 allocated, 3 pending, 0 reserved',
    ]);
    const order = (sort: Parameters<typeof topLines>[1]) => topLines(facts(list), sort, 200).rows.map((r) => /_(\d{4}) /.exec(r)![1]);
    expect(order('user')).toEqual(['0002', '0004', '0001']);
    expect(order('memory')[0]).toBe('0001');
    expect(order('containers')).toEqual(['0002', '0001', '0004']);
  });

  it('counts the nodes that are kept: one container for each request that has one, of however many it asks', () => {
    const request = { askId: 1, priority: 1, memoryMb: 4096, vcores: 2, because: '', wouldLetItRun: '' };
    const waiting = [
      { ...request, count: 5, obstacle: 'RESERVED' },
      { ...request, count: 1, obstacle: 'NO_ROOM' },
    ];
    const { head, rows } = topLines(facts([application({ waiting })]), 'user', 200);
    expect(head.slice(3).map((line) => /\d+ reserved/.exec(line)![0])).toEqual(['4 reserved', '2 reserved', '1 reserved']);
    expect(rows[0]!.trim().split(/\s+/).slice(5, 11)).toEqual(['3', '1', '3', '2', '3G', '4G']);
  });
});
