import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { AppError } from '../../common/errors.ts';
import type { aNodeId, TypeOf } from '../../common/shape.ts';
import { nodeList } from '../../rpc/messages/client.ts';
import { nodeResource } from '../../rpc/messages/operators.ts';
import type { NodeReport } from '../../rpc/messages/shapes.ts';

export default class NodeResize extends BaseCommand {
  static override summary = 'Change what a node counts with, over its restarts, until it is what the node offers.';
  static override description = 'Refused when it is less than its containers hold: none is taken away for it.';
  static override examples = ['<%= config.bin %> node resize host:nm1 --memory-mb 6144 --vcores 4'];
  static override args = { id: Args.string({ description: 'Node id.', required: true }) };
  static override flags = {
    'memory-mb': Flags.integer({ summary: 'MB; without it, as it is.', min: 0 }),
    vcores: Flags.integer({ summary: 'Vcores; without it, as they are.', min: 0 }),
  };

  async run(): Promise<NodeReport> {
    const { args, flags } = await this.parse(NodeResize);
    const nodeId = args.id as TypeOf<typeof aNodeId>;
    const report = await this.withRm(flags.rm, async ({ rm }) => {
      const node = (await rm.call(nodeList, {})).nodes.find((n) => n.nodeId === nodeId);
      if (node === undefined) throw new AppError('NODE_UNKNOWN', { nodeId });
      const { memoryMb, vcores } = node.capacity;
      return await rm.call(nodeResource, {
        nodeId,
        capacity: { memoryMb: flags['memory-mb'] ?? memoryMb, vcores: flags.vcores ?? vcores },
      });
    });
    this.log(`${report.nodeId} offers ${report.capacity.memoryMb} MB and ${report.capacity.vcores} vcores`);
    return report;
  }
}
