import { BaseCommand } from '../../cli/base-command.ts';
import { queuesRefresh } from '../../rpc/messages/client.ts';
import type { QueueReport } from '../../rpc/messages/shapes.ts';

export default class QueueRefresh extends BaseCommand {
  static override summary =
    'Read conf/capacity-scheduler.yaml again. A file with a fault is refused whole and the queues stay as they are.';
  static override examples = ['<%= config.bin %> queue refresh'];

  async run(): Promise<QueueReport[]> {
    const { flags } = await this.parse(QueueRefresh);
    const { queues } = await this.withRm(flags['rm'], ({ rm }) => rm.call(queuesRefresh, {}));
    this.log(`${queues.length} queues: ${queues.map((q) => q.path).join(', ')}`);
    return queues;
  }
}
