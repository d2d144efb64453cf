import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { isFinalState } from '../../cli/render/application-report.ts';
import { killAndWait, parseId } from '../../cli/yarn/application-command.ts';
import type { ApplicationReport } from '../../rpc/messages/shapes.ts';

export default class ApplicationKill extends BaseCommand {
  static override summary = 'Ask for the end of an application, and wait for it.';
  static override examples = ['<%= config.bin %> application kill application_1700000000000_0001'];
  static override args = { id: Args.string({ description: 'Application id.', required: true }) };

  async run(): Promise<ApplicationReport> {
    const { args, flags } = await this.parse(ApplicationKill);
    const report = await this.withRm(flags['rm'], ({ rm, user }) => killAndWait(rm, parseId(args.id), user));
    this.log(
      isFinalState(report.state)
        ? `${report.applicationId} has ended: ${report.state}`
        : `${report.applicationId} was told to end, and is ${report.state}`,
    );
    return report;
  }
}
