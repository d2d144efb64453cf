// yarn top: the cluster and its live applications, drawn again every few seconds, until q or Ctrl-C. What is drawn: render/yarn-top.ts.
// Keys as YARN's: q ends, s changes what it is sorted by, r turns the order round. Without a terminal it is printed once.
import { AppError } from '../../common/errors.ts';
import { applicationCounts, clusterInfo, nodeList } from '../../rpc/messages/client.ts';
import { SORT_KEYS, type SortKey, type TopFacts, topLines } from '../render/yarn-top.ts';
import { listApplications } from '../list-applications.ts';
import { LIVE_STATES } from './application-command.ts';
import type { YarnCommand, YarnIo } from './command.ts';
import type { ParsedOptions } from './options.ts';

const DEFAULT_DELAY_S = 3;
const DEFAULT_COLUMNS = 160;
const CLEAR = '\u001b[H\u001b[2J';
const INVERSE = ['\u001b[7m', '\u001b[27m'] as const;

export const topCommand: YarnCommand = {
  usage: 'yarn top',
  options: {
    cols: { takes: 'one', value: 'arg', help: 'Number of columns on the terminal' },
    rows: { takes: 'one', value: 'arg', help: 'Number of rows on the terminal' },
    delay: { takes: 'one', value: 'arg', help: 'The refresh delay (in seconds), default is 3 seconds' },
    queues: { takes: 'list', value: 'arg', help: 'Comma separated list of queues to restrict applications' },
    users: { takes: 'list', value: 'arg', help: 'Comma separated list of users to restrict applications' },
    types: {
      takes: 'list',
      value: 'arg',
      help: 'Comma separated list of types to restrict applications, case sensitive (though the display is lower case)',
    },
    once: { takes: 'none', help: 'Print it once and end. (Not of YARN.)' },
    help: { takes: 'none', help: 'Print usage. While it runs: q ends, s sorts by the next column, r turns the order round.' },
  },
  async run(options, io) {
    const delayMs = 1_000 * number(options, 'delay', DEFAULT_DELAY_S);
    const columns = number(options, 'cols', process.stdout.columns || DEFAULT_COLUMNS);
    const rows = number(options, 'rows', process.stdout.rows || Number.MAX_SAFE_INTEGER);
    const live = process.stdout.isTTY && !options.has('once');
    const view: View = { sort: 'containers', reverse: false, again: () => {} };
    const stop = live ? readKeys(view) : () => {};
    try {
      do {
        const facts = await factsFor(options, io);
        io.out(screen(facts, view, { columns, rows, live }));
        if (live)
          await Promise.race([
            new Promise<void>((resolve) => setTimeout(resolve, delayMs)),
            new Promise<void>((resolve) => (view.again = resolve)),
          ]);
      } while (live && !view.over);
    } finally {
      stop();
    }
    return 0;
  },
};

type View = { sort: SortKey; reverse: boolean; again: () => void; over?: boolean };

function number(options: ParsedOptions, name: string, otherwise: number): number {
  const said = options.one(name);
  if (said === undefined) return otherwise;
  if (!/^[1-9]\d{0,5}$/.test(said)) throw new AppError('SUBMIT_USAGE', { reason: `-${name} takes a number above 0, not ${said}` });
  return Number(said);
}

async function factsFor(options: ParsedOptions, { rm }: YarnIo): Promise<TopFacts> {
  const [queues, users, types] = [options.all('queues'), options.all('users'), options.all('types')];
  const [info, { nodes }, { counts: all }, applications] = await Promise.all([
    rm.call(clusterInfo, {}),
    rm.call(nodeList, {}),
    rm.call(applicationCounts, {}),
    listApplications(rm, { states: [...LIVE_STATES], types, tags: [] }),
  ]);
  const inQueue = (path: string) =>
    queues.length === 0 || queues.some((q) => path === q || path.startsWith(`${q}.`) || path.endsWith(`.${q}`));
  const counts: Record<string, number> = {};
  for (const { queue, state, count } of all) if (inQueue(queue)) counts[state] = (counts[state] ?? 0) + count;
  return {
    nodes,
    counts,
    nowMs: Date.now(),
    startedAtMs: info.startedAtMs,
    queues: queues.length === 0 ? 'root' : queues.join(','),
    applications: applications.filter((a) => inQueue(a.queue) && (users.length === 0 || users.includes(a.user))),
  };
}

function screen(facts: TopFacts, { sort, reverse }: View, at: { columns: number; rows: number; live: boolean }): string {
  const { head, columns, rows } = topLines(facts, sort, at.columns);
  const shown = (reverse ? [...rows].reverse() : rows).slice(0, Math.max(0, at.rows - head.length - 2));
  const title = at.live ? `${INVERSE[0]}${columns}${INVERSE[1]}` : columns;
  return `${at.live ? CLEAR : ''}${[...head, '', title, ...shown].join('\n')}\n`;
}

/** @returns what gives the keyboard back */
function readKeys(view: View): () => void {
  const { stdin } = process;
  if (!stdin.isTTY) return () => {};
  const onKey = (bytes: Buffer) => {
    for (const key of bytes.toString('latin1')) {
      if (key === 'q' || key === '\u0003') view.over = true;
      else if (key === 's') view.sort = SORT_KEYS[(SORT_KEYS.indexOf(view.sort) + 1) % SORT_KEYS.length]!;
      else if (key === 'r') view.reverse = !view.reverse;
    }
    view.again();
  };
  stdin.setRawMode(true);
  stdin.on('data', onKey);
  stdin.resume();
  return () => {
    stdin.off('data', onKey);
    stdin.setRawMode(false);
    stdin.pause();
  };
}
