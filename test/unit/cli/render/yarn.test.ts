import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { jacksonText } from '../../../../src/cli/render/jackson.ts';
import { outcome, reasonLine } from '../../../../src/cli/render/application-report.ts';
import { reportBlock, stateLine } from '../../../../src/rpc/report-lines.ts';
import { logHead, logTail } from '../../../../src/common/log-section.ts';
import { queueTable } from '../../../../src/cli/render/queue-table.ts';
import { applicationStatus, attemptStatus, containerStatus, nodeStatus, queueStatus } from '../../../../src/cli/render/yarn-reports.ts';
import { applicationTable, attemptTable, containerTable, nodeTable } from '../../../../src/cli/render/yarn-tables.ts';
import type { ApplicationReport, NodeReport, QueueReport } from '../../../../src/rpc/messages/shapes.ts';

// The golden texts are what YARN 3.5.0 printed. Where Emberloom has no value (no web pages, no node metering in reports) the
// golden line is neutralised to YARN's way of printing an absent one.
const golden = (name: string): string => readFileSync(new URL(`../../../fixtures/golden/${name}.txt`, import.meta.url), 'utf8');
const noUrls = (text: string): string => text.replace(/http:\S+/g, 'N/A').replace(/ *(?=localhost:81\d\d)/g, ' ');

const application = (fields: Partial<ApplicationReport>): ApplicationReport => ({
  applicationId: 'application_1795352279007_0004' as never,
  currentAttemptId: undefined,
  name: 'hang-app',
  type: 'SPARK',
  user: 'root',
  queue: 'root.default',
  tags: [],
  priority: 0,
  state: 'RUNNING',
  finalStatus: 'UNDEFINED',
  progress: 10,
  diagnostics: '',
  trackingUrl: 'http://192.0.2.2:37091',
  amHost: '192.0.2.2',
  amRpcPort: 42087,
  submittedAtMs: 1795353266667,
  launchedAtMs: 0,
  finishedAtMs: 0,
  unmanaged: false,
  usedMemoryMb: 0,
  usedVcores: 0,
  runningContainers: 0,
  memoryMbSeconds: 441350,
  vcoreSeconds: 430,
  amContainerId: undefined,
  amNodeId: undefined,
  ...fields,
});
const node = (port: number, fields: Partial<NodeReport> = {}): NodeReport => ({
  nodeId: `localhost:${port}` as never,
  host: 'localhost',
  state: 'RUNNING',
  address: '',
  httpAddress: `localhost:${port === 45451 ? 8141 : 8142}`,
  rack: '/default-rack',
  capacity: { memoryMb: 8192, vcores: 8 },
  used: { memoryMb: 2048, vcores: 2 },
  runningContainers: 2,
  lastHeartbeatMs: Date.UTC(2026, 10, 22, 13, 17, 38, 442),
  healthReport: '',
  ...fields,
});
const queue = (name: string, capacityPercent: number, maximumCapacityPercent: number): QueueReport => ({
  path: `root.${name}`,
  state: 'RUNNING',
  capacityPercent,
  maximumCapacityPercent,
  absoluteCapacityPercent: capacityPercent,
  absoluteMaximumPercent: maximumCapacityPercent,
  used: { memoryMb: 0, vcores: 0 },
  runningApplications: 0,
  pendingApplications: 0,
  leaf: true,
  waiting: [],
});

process.env['TZ'] = 'UTC';

describe('what yarn prints', () => {
  it('application -list', () => {
    const done = { state: 'FINISHED', finalStatus: 'SUCCEEDED', progress: 100, trackingUrl: '' } as const;
    const id = (n: number) => ({ applicationId: `application_1795352279007_000${n}` as never });
    const applications = [
      application({}),
      application({ ...id(3), ...done, name: 'org.apache.spark.examples.JavaSparkPi' }),
      application({ ...id(2), ...done, name: 'JavaSparkPi' }),
      application({ ...id(1), ...done, name: 'JavaSparkPi' }),
    ];
    expect(
      applicationTable(applications, {
        types: [],
        tags: [],
        states: ['NEW', 'NEW_SAVING', 'SUBMITTED', 'ACCEPTED', 'RUNNING', 'FINISHED', 'FAILED', 'KILLED'],
      }),
    ).toBe(golden('yarn-application-list-all'));
  });

  it('application -status', () => {
    expect(applicationStatus(application({}), true)).toBe(golden('yarn-application-status-running'));
    expect(applicationStatus(application({ finishedAtMs: 1 }), true)).toContain('\tLog Aggregation Status : SUCCEEDED\n');
    expect(applicationStatus(application({}), false)).toContain('\tLog Aggregation Status : DISABLED\n');
  });

  it('applicationattempt -list and -status', () => {
    const attempt = {
      attemptId: 'appattempt_1795352279007_0004_000001' as never,
      state: 'RUNNING',
      amContainerId: 'container_1795352279007_0004_01_000001' as never,
      amHost: '192.0.2.2',
      trackingUrl: 'http://localhost:8088/proxy/application_1795352279007_0004/',
      diagnostics: '',
      startedAtMs: 1,
      finishedAtMs: 0,
    };
    expect(attemptTable([attempt])).toBe(golden('yarn-applicationattempt-list'));
    expect(attemptStatus(attempt, 42087)).toBe(golden('yarn-applicationattempt-status'));
  });

  it('container -list and -status', () => {
    const container = (n: number, port: number, at: number) => ({
      containerId: `container_1795352279007_0004_01_00000${n}` as never,
      nodeId: `localhost:${port}` as never,
      state: 'RUNNING' as const,
      resource: { memoryMb: 1, vcores: 1 },
      startedAtMs: at,
      finishedAtMs: 0,
      exitStatus: 0,
      diagnostics: '',
    });
    const at = Date.UTC(2026, 10, 22, 13, 14, 26);
    const listed = [container(1, 45452, at), container(2, 45451, at + 17_000), container(3, 45452, at + 17_000)];
    expect(containerTable(listed)).toBe(
      golden('yarn-container-list').replace(/http:\S+\thttp:\S+/g, `${' '.repeat(17)}N/A\t${' '.repeat(32)}N/A`),
    );
    expect(containerStatus(container(1, 45452, 1795353266676))).toBe(noUrls(golden('yarn-container-status')));
    // With the nodes' pages, to the letter.
    const link = (c: { containerId: string; nodeId: string }) => {
      const nodeUrl = `http://localhost:${c.nodeId.endsWith('1') ? 8141 : 8142}`;
      return { nodeUrl, logUrl: `${nodeUrl}/node/containerlogs/${c.containerId}/home/user` };
    };
    expect(containerTable(listed, link)).toBe(golden('yarn-container-list'));
    const first = container(1, 45452, 1795353266676);
    expect(containerStatus(first, link(first))).toBe(golden('yarn-container-status'));
  });

  it('node -list, -showDetails and -status', () => {
    const used = (text: string) => text.replace(/(Resource Utilization by \w+ : ).*/g, '$1');
    expect(nodeTable([node(45452), node(45451)], false)).toBe(golden('yarn-node-list'));
    expect(nodeTable([node(45452), node(45451)], true)).toBe(used(golden('yarn-node-list-all-details')));
    expect(nodeStatus(node(45451))).toBe(used(golden('yarn-node-status')));
  });

  it('queue -list and -status', () => {
    expect(queueTable([queue('default', 70, 100), queue('batch', 30, 60)], [53.58, 0])).toBe(golden('yarn-queue-list'));
    expect(queueStatus(queue('default', 70, 100), 53.58)).toBe(golden('yarn-queue-status'));
  });

  it('logs', () => {
    const file = {
      containerId: 'container_1795352279007_0033_01_000002',
      nodeId: 'localhost:45452',
      aggregated: true,
      name: 'stdout',
      sizeBytes: 0,
      modifiedAtMs: Date.UTC(2026, 10, 22, 13, 46, 56),
    };
    const text = logHead(file) + logTail(file, false);
    expect(text).toBe(golden('yarn-logs-stdout-only').replace('LogContents:\n\n', 'LogContents:\n'));
    expect(logTail(file, true)).toContain(
      `End of LogType:stdout.This log file belongs to a running container (${file.containerId}) and so may not be complete.\n`,
    );
  });
});

describe('what spark-submit prints of an application in cluster mode', () => {
  const base = {
    applicationId: 'application_1795352279007_0027' as never,
    submittedAtMs: 1795355079776,
    trackingUrl: 'http://localhost:8088/proxy/application_1795352279007_0027/',
  };
  const line = (text: string) => `26/11/22 13:44:40 INFO Client: ${text}\n`;
  it("is Spark's report, to the letter", () => {
    const accepted = application({
      ...base,
      state: 'ACCEPTED',
      amHost: '',
      amRpcPort: -1,
      diagnostics: 'AM container is launched, waiting for AM container to Register with RM',
    });
    const finished = application({ ...base, state: 'FINISHED', finalStatus: 'SUCCEEDED', amRpcPort: 45139 });
    const text = [accepted, finished].map((r) => line(stateLine(r)) + line(reportBlock(r))).join('');
    expect(text).toBe(golden('submit-cluster-reports').replaceAll('13:45:03', '13:44:40'));
  });

  it.each([
    ['FINISHED', 'SUCCEEDED', 0, undefined],
    ['FINISHED', 'FAILED', 1, 'finished with failed status'],
    ['FAILED', 'FAILED', 1, 'finished with failed status'],
    ['KILLED', 'KILLED', 1, 'is killed'],
    ['FINISHED', 'UNDEFINED', 1, 'The final status of application application_1795352279007_0004 is undefined'],
  ] as const)('%s, %s ends with %i', (state, finalStatus, exitCode, words) => {
    const end = outcome(application({ state, finalStatus }));
    expect(end.exitCode).toBe(exitCode);
    if (words === undefined) expect(end.exception).toBeUndefined();
    else expect(end.exception).toContain(words);
  });
});

it('the last line of a failed application is its first error, else the first thing that was said', () => {
  expect(reasonLine('User class threw exception: Error: x (a.ts:1:2)\nError: x\n    at …')).toBe('Error: x (a.ts:1:2)');
  expect(reasonLine('Application a failed 2 times due to AM Container\nFailing this attempt.')).toBe(
    'Application a failed 2 times due to AM Container',
  );
  expect(reasonLine('')).toBe('');
});

it('JSON of --status is Jackson\'s, one `"key" : value` a line', () => {
  expect(jacksonText({ action: 'x', success: true, nested: { a: 1, b: [] }, none: undefined })).toBe(
    '{\n  "action" : "x",\n  "success" : true,\n  "nested" : {\n    "a" : 1,\n    "b" : [ ]\n  }\n}',
  );
});

it('a name with control characters stays in its row', () => {
  const table = applicationTable([application({ name: 'one\nline\t\u001b[31m' })], { types: [], states: [], tags: [] });
  expect(table.split('\n').length).toBe(4);
  expect(table).toContain('one line  [31m');
});
