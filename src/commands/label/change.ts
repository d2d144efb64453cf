import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { labelFrom, nodeLabelFrom } from '../../cli/yarn/label-options.ts';
import { AppError } from '../../common/errors.ts';
import type { ReplyOf } from '../../rpc/define-rpc.ts';
import { labelsChange, labelsList } from '../../rpc/messages/labels.ts';

export default class LabelChange extends BaseCommand {
  static override summary = 'Add node labels, take them away, give them to nodes: all of it or nothing.';
  static override examples = [
    "<%= config.bin %> label change --add gpu --add 'big(exclusive=false)' --node host7=gpu",
    '<%= config.bin %> label change --node host7= --remove gpu',
  ];
  static override flags = {
    add: Flags.string({ summary: 'A new label; exclusive unless it says (exclusive=false).', multiple: true }),
    remove: Flags.string({ summary: 'A label that no node has any more.', multiple: true }),
    node: Flags.string({ summary: 'node=label, by node id or by host for all its nodes; node= takes its label away.', multiple: true }),
  };

  async run(): Promise<ReplyOf<typeof labelsList>> {
    const { flags } = await this.parse(LabelChange);
    const { add = [], remove = [], node = [] } = flags;
    if (add.length + remove.length + node.length === 0)
      throw new AppError('SUBMIT_USAGE', { reason: 'nothing to change: name --add, --remove or --node' });
    const now = await this.withRm(flags.rm, async ({ rm }) => {
      await rm.call(labelsChange, { add: add.map(labelFrom), remove, replace: node.map(nodeLabelFrom) });
      return await rm.call(labelsList, {});
    });
    for (const { name, nodes } of now.labels) this.log(`${name}: ${nodes} nodes`);
    return now;
  }
}
