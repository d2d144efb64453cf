import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { parseId } from '../../cli/yarn/application-command.ts';
import { AppError } from '../../common/errors.ts';
import { applicationMove, applicationPriority, applicationReport, applicationTimeout } from '../../rpc/messages/client.ts';
import type { ApplicationReport } from '../../rpc/messages/shapes.ts';

export default class ApplicationChange extends BaseCommand {
  static override summary = 'Change the queue, the priority or the lifetime of an application that has not ended.';
  static override examples = [
    '<%= config.bin %> application change application_1700000000000_0001 --queue root.batch',
    '<%= config.bin %> application change application_1700000000000_0001 --priority 5 --lifetime 3600',
  ];
  static override args = { id: Args.string({ description: 'Application id.', required: true }) };
  static override flags = {
    queue: Flags.string({ summary: 'Into this queue, with all that it has and asks for.' }),
    priority: Flags.integer({ summary: 'Larger goes first in its queue.' }),
    lifetime: Flags.integer({ summary: 'Killed after so many seconds from now.', min: 1 }),
  };

  async run(): Promise<ApplicationReport> {
    const { args, flags } = await this.parse(ApplicationChange);
    const applicationId = parseId(args.id);
    const { queue, priority, lifetime } = flags;
    if (queue === undefined && priority === undefined && lifetime === undefined)
      throw new AppError('SUBMIT_USAGE', { reason: 'nothing to change: name --queue, --priority or --lifetime' });
    const report = await this.withRm(flags.rm, async ({ rm, user }) => {
      if (queue !== undefined) await rm.call(applicationMove, { applicationId, queue, user });
      if (priority !== undefined) await rm.call(applicationPriority, { applicationId, priority, user });
      if (lifetime !== undefined) await rm.call(applicationTimeout, { applicationId, expiresAtMs: Date.now() + lifetime * 1_000, user });
      return await rm.call(applicationReport, { applicationId });
    });
    this.log(`${applicationId} is in queue ${report.queue} with priority ${report.priority}`);
    return report;
  }
}
