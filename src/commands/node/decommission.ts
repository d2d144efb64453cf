import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { AppError } from '../../common/errors.ts';
import { aNodeId, type TypeOf } from '../../common/shape.ts';
import { nodeDecommission } from '../../rpc/messages/client.ts';
import type { NodeReport } from '../../rpc/messages/shapes.ts';

export default class NodeDecommission extends BaseCommand {
  static override summary = 'Take a node out: no new containers, and DECOMMISSIONED when the last one has ended.';
  static override description =
    'The ResourceManager remembers it over its own restarts. To take the node back in: node recommission while it drains, and start its NodeManager again once it has ended.';
  static override examples = [
    '<%= config.bin %> node decommission host:nm1 --timeout 600',
    '<%= config.bin %> node decommission host:nm1 --now',
  ];
  static override args = { id: Args.string({ description: 'Node id.', required: true }) };
  static override flags = {
    now: Flags.boolean({ summary: 'Do not wait for its containers.' }),
    timeout: Flags.integer({ summary: 'Seconds to wait for its containers.', default: 3600, min: 0 }),
  };

  async run(): Promise<NodeReport> {
    const { args, flags } = await this.parse(NodeDecommission);
    if (aNodeId.check(args.id, '') !== undefined) throw new AppError('NODE_UNKNOWN', { nodeId: args.id });
    const nodeId = args.id as TypeOf<typeof aNodeId>;
    const node = await this.withRm(flags.rm, ({ rm }) =>
      rm.call(nodeDecommission, { nodeId, graceful: !flags.now, timeoutMs: flags.timeout * 1000 }),
    );
    this.log(`${node.nodeId} is ${node.state}`);
    return node;
  }
}
