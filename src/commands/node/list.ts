import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { nodeTable } from '../../cli/render/yarn-tables.ts';
import { nodeList } from '../../rpc/messages/client.ts';
import type { NodeReport } from '../../rpc/messages/shapes.ts';

export default class NodeList extends BaseCommand {
  static override summary = 'List nodes, their state, and what is used on each.';
  static override examples = ['<%= config.bin %> node list', '<%= config.bin %> node list --details --json'];
  static override flags = { details: Flags.boolean({ summary: 'What each node has and what of it is used.' }) };

  async run(): Promise<NodeReport[]> {
    const { flags } = await this.parse(NodeList);
    const { nodes } = await this.withRm(flags.rm, ({ rm }) => rm.call(nodeList, {}));
    this.log(nodeTable(nodes, flags.details).trimEnd());
    return nodes;
  }
}
