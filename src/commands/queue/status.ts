import { BaseCommand } from '../../cli/base-command.ts';
import { queueTable } from '../../cli/render/queue-table.ts';
import { readQueues } from '../../cli/yarn/queue-command.ts';
import type { QueueReport } from '../../rpc/messages/shapes.ts';

export default class QueueStatus extends BaseCommand {
  static override summary = 'The queues, their shares, and who waits and why.';
  static override examples = ['<%= config.bin %> queue status', '<%= config.bin %> queue status --json'];

  async run(): Promise<QueueReport[]> {
    const { flags } = await this.parse(QueueStatus);
    const { queues, usedPercent } = await this.withRm(flags['rm'], ({ rm }) => readQueues(rm));
    this.log(queueTable(queues, queues.map(usedPercent)).trimEnd());
    for (const queue of queues) for (const reason of queue.waiting) this.log(`${queue.path}: ${reason}`);
    return queues;
  }
}
