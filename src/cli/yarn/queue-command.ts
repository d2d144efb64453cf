// yarn queue: list and status.
import type { Resource } from '../../common/resource.ts';
import { nearest } from '../../common/suggest.ts';
import { nodeList, queueList } from '../../rpc/messages/client.ts';
import type { QueueReport } from '../../rpc/messages/shapes.ts';
import type { Peer } from '../../rpc/peer.ts';
import { queueTable } from '../render/queue-table.ts';
import { queueName, queueStatus } from '../render/yarn-reports.ts';
import { EXIT_NOT_FOUND, type YarnCommand } from './command.ts';

const HELP = { takes: 'none', help: 'Displays help for all commands.' } as const;

export const queueCommand: YarnCommand = {
  usage: 'queue',
  options: {
    list: {
      takes: 'optional',
      value: 'Queue Names',
      help: 'List the queues: all, or those with the given names or paths, comma-separated.',
    },
    status: { takes: 'one', value: 'Queue Name', help: 'Prints the status of the queue: its name (default) or its path (root.default).' },
    help: HELP,
  },
  async run(options, { rm, out, err }) {
    if (!options.has('list') && !options.has('status')) return undefined;
    const { queues, usedPercent } = await readQueues(rm);
    if (options.has('list')) {
      const names = options.all('list').filter((n) => n.toLowerCase() !== 'all');
      const unknown = names.find((name) => !queues.some((q) => isNamed(q, name)));
      if (unknown !== undefined) return refuse(unknown);
      const shown = queues.filter((q) => q.path !== 'root' && (names.length === 0 || names.some((name) => isNamed(q, name))));
      out(queueTable(shown, shown.map(usedPercent)));
      return 0;
    }
    const name = options.one('status')!;
    const queue = queues.find((q) => isNamed(q, name));
    if (queue === undefined) return refuse(name);
    out(queueStatus(queue, usedPercent(queue)));
    return 0;

    function refuse(unknown: string): number {
      const meant = nearest(
        unknown,
        queues.flatMap((q) => [q.path, queueName(q.path)]),
      );
      err(`Cannot get queue from RM by queueName = ${unknown}, please check.${meant === undefined ? '' : ` Did you mean ${meant}?`}\n`);
      return EXIT_NOT_FOUND;
    }
  },
};

const isNamed = (queue: QueueReport, name: string): boolean => queue.path === name || queueName(queue.path) === name;

/** The queues, and how much of its own capacity each uses: of memory or of vcores, whichever is more. */
export async function readQueues(rm: Peer): Promise<{ queues: QueueReport[]; usedPercent: (queue: QueueReport) => number }> {
  const [{ queues }, { nodes }] = await Promise.all([rm.call(queueList, {}), rm.call(nodeList, {})]);
  const up = nodes.filter((n) => n.state === 'RUNNING' || n.state === 'DECOMMISSIONING');
  const total: Resource = {
    memoryMb: up.reduce((sum, n) => sum + n.capacity.memoryMb, 0),
    vcores: up.reduce((sum, n) => sum + n.capacity.vcores, 0),
  };
  const share = (used: number, all: number, percentOfAll: number) =>
    all === 0 || percentOfAll === 0 ? 0 : (used / ((all * percentOfAll) / 100)) * 100;
  return {
    queues,
    usedPercent: (q) =>
      Math.max(
        share(q.used.memoryMb, total.memoryMb, q.absoluteCapacityPercent),
        share(q.used.vcores, total.vcores, q.absoluteCapacityPercent),
      ),
  };
}
