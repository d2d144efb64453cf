import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { AppError } from '../../common/errors.ts';
import { aNodeId, type TypeOf } from '../../common/shape.ts';
import { nodeRecommission } from '../../rpc/messages/operators.ts';
import type { NodeReport } from '../../rpc/messages/shapes.ts';

export default class NodeRecommission extends BaseCommand {
  static override summary = 'Keep a node that is on its way out: it gets containers again.';
  static override description =
    'Of a node that is DECOMMISSIONING. One that is DECOMMISSIONED already comes back when its NodeManager is started again. One that a list of nodes sent away (yarn rmadmin -refreshNodes) comes back, and is sent away by the next -refreshNodes if it is still excluded.';
  static override examples = ['<%= config.bin %> node recommission host:nm1'];
  static override args = { id: Args.string({ description: 'Node id.', required: true }) };

  async run(): Promise<NodeReport> {
    const { args, flags } = await this.parse(NodeRecommission);
    if (aNodeId.check(args.id, '') !== undefined) throw new AppError('NODE_UNKNOWN', { nodeId: args.id });
    const nodeId = args.id as TypeOf<typeof aNodeId>;
    const node = await this.withRm(flags.rm, ({ rm }) => rm.call(nodeRecommission, { nodeId }));
    this.log(`${node.nodeId} is ${node.state}`);
    return node;
  }
}
