import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { nodesRefresh } from '../../rpc/messages/operators.ts';
import type { NodeReport } from '../../rpc/messages/shapes.ts';

export default class NodeRefresh extends BaseCommand {
  static override summary = 'Read the files of nodes that may and may not be here again, and take out those that may not.';
  static override examples = ['<%= config.bin %> node refresh', '<%= config.bin %> node refresh --graceful --timeout 600'];
  static override flags = {
    graceful: Flags.boolean({ summary: 'Out when the last container has ended.' }),
    timeout: Flags.integer({ summary: 'With --graceful: out after so many seconds at the latest.', default: 3600, min: 0 }),
  };

  async run(): Promise<NodeReport[]> {
    const { flags } = await this.parse(NodeRefresh);
    const { leaving } = await this.withRm(flags.rm, ({ rm }) =>
      rm.call(nodesRefresh, { graceful: flags.graceful, timeoutMs: flags.timeout * 1_000 }),
    );
    for (const node of leaving) this.log(`${node.nodeId} is ${node.state}`);
    if (leaving.length === 0) this.log('No node has to leave');
    return leaving;
  }
}
