import { BaseCommand } from '../../cli/base-command.ts';
import type { ReplyOf } from '../../rpc/define-rpc.ts';
import { labelsList } from '../../rpc/messages/labels.ts';

export default class LabelList extends BaseCommand {
  static override summary = 'The node labels, and which nodes have them.';
  static override examples = ['<%= config.bin %> label list', '<%= config.bin %> label list --json'];

  async run(): Promise<ReplyOf<typeof labelsList>> {
    const { flags } = await this.parse(LabelList);
    const found = await this.withRm(flags['rm'], ({ rm }) => rm.call(labelsList, {}));
    for (const { name, exclusive, nodes } of found.labels)
      this.log(`${name.padEnd(24)} ${exclusive ? 'exclusive' : 'shared   '} ${nodes} nodes`);
    for (const { node, label } of found.nodes) this.log(`${node}: ${label}`);
    if (found.labels.length === 0) this.log('There are no node labels');
    return found;
  }
}
