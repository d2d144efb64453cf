import { BaseCommand } from '../../cli/base-command.ts';
import type { ReplyOf } from '../../rpc/define-rpc.ts';
import { applicationCounts, clusterInfo } from '../../rpc/messages/client.ts';
import { labelsList } from '../../rpc/messages/labels.ts';

type Status = ReplyOf<typeof clusterInfo> &
  Pick<ReplyOf<typeof labelsList>, 'labels'> & { readonly applications: ReplyOf<typeof applicationCounts>['counts'] };

export default class ClusterStatus extends BaseCommand {
  static override summary =
    'The cluster: since when it is there, its largest container, nodes, node labels, applications by queue and state.';
  static override examples = ['<%= config.bin %> cluster status', '<%= config.bin %> cluster status --json'];

  async run(): Promise<Status> {
    const { flags } = await this.parse(ClusterStatus);
    const [info, { labels }, { counts }] = await this.withRm(flags['rm'], ({ rm }) =>
      Promise.all([rm.call(clusterInfo, {}), rm.call(labelsList, {}), rm.call(applicationCounts, {})]),
    );
    const { memoryMb, vcores } = info.maximumAllocation;
    this.log(`Emberloom ${info.version}, since ${new Date(info.startedAtMs).toISOString()}, start ${info.epoch + 1} on its state store`);
    this.log(`${info.nodes} nodes; the largest container has ${memoryMb} MB and ${vcores} vcores`);
    this.log(
      `Node labels: ${labels.map(({ name, exclusive, nodes }) => `${name} (${exclusive ? 'exclusive' : 'shared'}, ${nodes} nodes)`).join(', ') || 'none'}`,
    );
    for (const { queue, state, count } of counts) this.log(`${queue}: ${count} ${state}`);
    return { ...info, labels, applications: counts };
  }
}
