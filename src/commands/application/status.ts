import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { attemptTable, type AttemptReport } from '../../cli/render/yarn-tables.ts';
import { applicationStatus } from '../../cli/render/yarn-reports.ts';
import { parseId } from '../../cli/yarn/application-command.ts';
import { KEYS } from '../../common/config-keys.ts';
import { applicationReport, attemptList } from '../../rpc/messages/client.ts';
import type { ApplicationReport } from '../../rpc/messages/shapes.ts';

export default class ApplicationStatus extends BaseCommand {
  static override summary = 'One application: state, diagnostics (why it waits, while it waits), attempts.';
  static override examples = ['<%= config.bin %> application status application_1700000000000_0001'];
  static override args = { id: Args.string({ description: 'Application id.', required: true }) };

  async run(): Promise<{ application: ApplicationReport; attempts: AttemptReport[] }> {
    const { args, flags } = await this.parse(ApplicationStatus);
    const applicationId = parseId(args.id);
    return await this.withRm(flags['rm'], async ({ rm, cluster }) => {
      const application = await rm.call(applicationReport, { applicationId });
      const { attempts } = await rm.call(attemptList, { applicationId });
      this.log(applicationStatus(application, cluster.settings.need(KEYS.logAggregation)) + attemptTable(attempts).trimEnd());
      return { application, attempts };
    });
  }
}
