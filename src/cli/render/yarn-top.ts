// What `yarn top` shows, column for column as YARN's (golden: yarn-cli/top.raw). Reports in, lines out. How the terminal is driven:
// yarn/top-command.ts.
import type { ApplicationReport, NodeReport } from '../../rpc/messages/shapes.ts';

export type TopFacts = {
  readonly nowMs: number;
  readonly startedAtMs: number;
  readonly queues: string;
  /** Those that have not ended. */
  readonly applications: readonly ApplicationReport[];
  /** Of all that are not forgotten, by state. */
  readonly counts: Readonly<Record<string, number>>;
  readonly nodes: readonly NodeReport[];
};
export type SortKey = 'containers' | 'memory' | 'vcores' | 'time' | 'progress' | 'user';
export const SORT_KEYS: readonly SortKey[] = ['containers', 'memory', 'vcores', 'time', 'progress', 'user'];

/** Not running yet. */
const PENDING = ['NEW', 'NEW_SAVING', 'SUBMITTED', 'ACCEPTED'];
const two = (n: number): string => String(n).padStart(2, '0');
const whole = (mb: number): number => Math.floor(mb / 1024);

/** @param width of the terminal; lines are cut there */
export function topLines(facts: TopFacts, sort: SortKey, width: number): { head: string[]; columns: string; rows: string[] } {
  const rows = [...facts.applications].sort((a, b) => order(a, b, sort)).map((a) => row(cells(a, facts.nowMs)).slice(0, width));
  const head = clusterLines(facts).map((line) => line.slice(0, width));
  return { head, columns: row(COLUMNS.map(([name]) => name)).slice(0, width), rows };
}

function clusterLines({ nowMs, startedAtMs, queues, applications: live, counts, nodes }: TopFacts): string[] {
  const count = (state: string) => counts[state] ?? 0;
  const submitted = Object.values(counts).reduce((sum, n) => sum + n, 0);
  const inState = (state: NodeReport['state']) => nodes.filter((n) => n.state === state).length;
  const up = nodes.filter((n) => n.state === 'RUNNING' || n.state === 'DECOMMISSIONING');
  const sum = (of: (n: NodeReport) => number) => up.reduce((total, n) => total + of(n), 0);
  const usedMb = sum((n) => n.used.memoryMb);
  const usedVcores = sum((n) => n.used.vcores);
  const pending = live.flatMap((a) => a.waiting ?? []);
  const pendingOf = (each: (r: (typeof pending)[number]) => number) => pending.reduce((total, r) => total + r.count * each(r), 0);
  const kept = sumOf(live.map(reservedOf));
  const at = new Date(nowMs);
  const minutes = Math.floor((nowMs - startedAtMs) / 60_000);
  const users = new Set(live.map((a) => a.user)).size;
  const clock = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  return [
    `YARN top - ${clock}, up ${Math.floor(minutes / 1_440)}d, ${Math.floor(minutes / 60) % 24}:${two(minutes % 60)}, ${users} active users, queue(s): ${queues}`,
    `NodeManager(s): ${nodes.length} total, ${inState('RUNNING')} active, ${inState('UNHEALTHY')} unhealthy, ${inState('DECOMMISSIONING')} decommissioning, ${inState('DECOMMISSIONED')} decommissioned, ${inState('LOST')} lost, ${inState('REBOOTED')} rebooted, 0 shutdown`,
    `Queue(s) Applications: ${count('RUNNING')} running, ${submitted} submitted, ${PENDING.reduce((sum, state) => sum + count(state), 0)} pending, ${count('FINISHED')} completed, ${count('KILLED')} killed, ${count('FAILED')} failed`,
    `Queue(s) Mem(GB): ${whole(sum((n) => n.capacity.memoryMb) - usedMb)} available, ${whole(usedMb)} allocated, ${whole(pendingOf((r) => r.memoryMb))} pending, ${whole(kept.memoryMb)} reserved`,
    `Queue(s) VCores: ${sum((n) => n.capacity.vcores) - usedVcores} available, ${usedVcores} allocated, ${pendingOf((r) => r.vcores)} pending, ${kept.vcores} reserved`,
    `Queue(s) Containers: ${sum((n) => n.runningContainers)} allocated, ${pendingOf(() => 1)} pending, ${kept.containers} reserved`,
  ];
}

type Kept = { readonly containers: number; readonly memoryMb: number; readonly vcores: number };
const sumOf = (all: readonly Kept[]): Kept =>
  all.reduce(
    (sum, k) => ({
      containers: sum.containers + k.containers,
      memoryMb: sum.memoryMb + k.memoryMb,
      vcores: sum.vcores + k.vcores,
    }),
    { containers: 0, memoryMb: 0, vcores: 0 },
  );
/** Nodes are kept for it: for each request one, for one container of it. */
const reservedOf = ({ waiting = [] }: ApplicationReport): Kept =>
  sumOf(waiting.filter((r) => r.obstacle === 'RESERVED').map(({ memoryMb, vcores }) => ({ containers: 1, memoryMb, vcores })));

/** Name and width; the user and no other column begins at its left. */
const COLUMNS: readonly (readonly [string, number])[] = [
  ['APPLICATIONID', 31],
  ['USER', -10],
  ['TYPE', 10],
  ['QUEUE', 10],
  ['PRIOR', 5],
  ['#CONT', 7],
  ['#RCONT', 7],
  ['VCORES', 7],
  ['RVCORES', 7],
  ['MEM', 7],
  ['RMEM', 7],
  ['VCORESECS', 10],
  ['MEMSECS', 10],
  ['%PROGR', 6],
  ['TIME', 10],
];

const row = (values: readonly string[]): string =>
  COLUMNS.map(([, width], i) => (width < 0 ? values[i]!.padEnd(-width) : values[i]!.padStart(width))).join(' ');

function cells(a: ApplicationReport, nowMs: number): string[] {
  const kept = reservedOf(a);
  const s = Math.max(0, Math.floor((nowMs - a.submittedAtMs) / 1_000));
  return [
    a.applicationId,
    a.user,
    a.type.toLowerCase(),
    a.queue,
    String(a.priority),
    String(a.runningContainers),
    String(kept.containers),
    String(a.usedVcores),
    String(kept.vcores),
    `${whole(a.usedMemoryMb)}G`,
    `${whole(kept.memoryMb)}G`,
    String(a.vcoreSeconds),
    String(whole(a.memoryMbSeconds)),
    a.progress.toFixed(2),
    `${two(Math.floor(s / 86_400))}:${two(Math.floor(s / 3_600) % 24)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`,
  ];
}

function order(a: ApplicationReport, b: ApplicationReport, sort: SortKey): number {
  switch (sort) {
    case 'containers':
      return b.runningContainers - a.runningContainers;
    case 'memory':
      return b.usedMemoryMb - a.usedMemoryMb;
    case 'vcores':
      return b.usedVcores - a.usedVcores;
    case 'time':
      return a.submittedAtMs - b.submittedAtMs;
    case 'progress':
      return b.progress - a.progress;
    case 'user':
      return a.user < b.user ? -1 : a.user > b.user ? 1 : 0;
    default:
      return sort satisfies never;
  }
}
