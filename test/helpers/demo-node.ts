// An invented NodeManager for its pages: containers near and over their limits, a log of 20,000 lines that grows, hostile text.
import type { LogsSource, NodeSource } from '../../src/cluster-pages/cluster-source.ts';
import { HOSTILE_NAME } from './demo-cluster.ts';

const START = 1_764_400_000_000;
export const demoContainer = (n: number): string => `container_e02_${START}_0042_01_${String(n).padStart(6, '0')}`;

export function demoNode(): NodeSource<{ user: string }> & { grow: (line: string) => void; bump: () => void } {
  let log = Buffer.from(
    Array.from(
      { length: 20_000 },
      (_, i) => `2026-11-29 12:00:${String(i % 60).padStart(2, '0')} INFO line ${i}${i % 1_999 === 0 ? ` ERROR ${HOSTILE_NAME} ä` : ''}\n`,
    ).join(''),
  );
  let version = 1;
  return {
    version: '0.1.0',
    facts: () => ({}),
    versions: () => ({ containers: version }),
    bump: () => void version++,
    grow: (line) => {
      log = Buffer.concat([log, Buffer.from(`${line}\n`)]);
    },
    page: async () => ({
      node: {
        nowMs: START + 3_600_000,
        nodeId: 'node-1:45454',
        host: 'node-1',
        version: '0.1.0',
        startedAtMs: START,
        healthy: false,
        healthReport: '1/2 local-dirs have errors: /data/2 is full',
        capacity: { memoryMb: 65_536, vcores: 16 },
        rmHttp: 'http://rm:8088',
        limitsMemory: true,
      },
      containers: Array.from({ length: 6 }, (_, i) => ({
        id: demoContainer(i + 1),
        applicationId: `application_${START}_0042`,
        user: i === 3 ? '<b>dirk</b>' : 'ann',
        state: i === 5 ? 'EXITED_WITH_FAILURE' : i === 4 ? 'LOCALIZING' : 'RUNNING',
        memoryMb: 4_096,
        vcores: 2,
        rssBytes: i < 4 ? (0.4 + i * 0.18) * 4_096 * 1024 * 1024 : undefined,
        pid: i < 4 ? 4_000 + i : undefined,
        startedAtMs: START + i * 1000,
        finishedAtMs: i === 5 ? START + 9_000 : 0,
        exitStatus: i === 5 ? -104 : undefined,
        diagnostics: i === 5 ? `Container is running beyond physical memory limits. ${HOSTILE_NAME}` : '',
      })),
    }),
    settings: async () => [],
    ...demoLogs(() => log),
  };
}

/** One file with that text, and an empty one, of every container. */
export const demoLogs = (log: () => Buffer): LogsSource<unknown> => ({
  logFiles: async () => [
    { name: 'stdout', sizeBytes: log().length, modifiedAtMs: START },
    { name: 'stderr', sizeBytes: 0, modifiedAtMs: START },
  ],
  logPart: async ({ file, offset, length }) => {
    const whole = file === 'stdout' ? log() : Buffer.alloc(0);
    const from = offset < 0 ? Math.max(0, whole.length + offset) : Math.min(offset, whole.length);
    const part = whole.subarray(from, from + length);
    return { text: part.toString('utf8'), offset: from, end: from + part.length, sizeBytes: whole.length, running: true };
  },
  logSearch: async ({ text, from }) => {
    const matches: { offset: number; line: string }[] = [];
    let at = from;
    for (const line of log().subarray(from).toString('utf8').split('\n')) {
      if (line.toLowerCase().includes(text.toLowerCase()) && matches.length < 200) matches.push({ offset: at, line });
      at += Buffer.byteLength(line) + 1;
    }
    return { matches, next: undefined };
  },
});
