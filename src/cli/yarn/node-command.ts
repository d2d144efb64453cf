// yarn node: list and status.
import { AppError } from '../../common/errors.ts';
import { nearest } from '../../common/suggest.ts';
import { nodeList } from '../../rpc/messages/client.ts';
import type { NodeReport } from '../../rpc/messages/shapes.ts';
import { nodeStatus } from '../render/yarn-reports.ts';
import { nodeTable } from '../render/yarn-tables.ts';
import { EXIT_NOT_FOUND, type YarnCommand } from './command.ts';

const STATES: readonly NodeReport['state'][] = ['RUNNING', 'UNHEALTHY', 'DECOMMISSIONING', 'DECOMMISSIONED', 'LOST', 'REBOOTED'];

export const nodeCommand: YarnCommand = {
  usage: 'node',
  options: {
    list: { takes: 'none', help: 'List running nodes. Supports -states to filter and -all to list all nodes.' },
    all: { takes: 'none', help: 'Works with -list to list all nodes.' },
    showDetails: { takes: 'none', help: 'Works with -list to show more details about each node.' },
    states: { takes: 'list', value: 'States', help: `Works with -list: comma-separated states, of ${STATES.join(',')}` },
    status: { takes: 'one', value: 'NodeId', help: 'Prints the status report of the node.' },
    help: { takes: 'none', help: 'Displays help for all commands.' },
  },
  async run(options, { rm, out, err }) {
    const named = options.all('states').map((s) => s.toUpperCase());
    const wrong = named.find((s) => !STATES.includes(s as NodeReport['state']));
    if (wrong !== undefined) throw new AppError('SUBMIT_USAGE', { reason: `${wrong} is no node state; there are ${STATES.join(', ')}` });
    if (options.has('list')) {
      const { nodes } = await rm.call(nodeList, {});
      const wanted: readonly string[] = options.has('all') ? STATES : named.length > 0 ? named : ['RUNNING'];
      out(
        nodeTable(
          nodes.filter((n) => wanted.includes(n.state)),
          options.has('showDetails'),
        ),
      );
      return 0;
    }
    if (!options.has('status')) return undefined;
    const id = options.one('status')!;
    const { nodes } = await rm.call(nodeList, {});
    const node = nodes.find((n) => n.nodeId === id);
    if (node !== undefined) {
      out(nodeStatus(node));
      return 0;
    }
    const meant = nearest(
      id,
      nodes.map((n) => n.nodeId),
    );
    err(`Could not find the node report for node id : ${id}${meant === undefined ? '' : ` (did you mean ${meant}?)`}\n`);
    return EXIT_NOT_FOUND;
  },
};
