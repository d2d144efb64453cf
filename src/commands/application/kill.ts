import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { listApplications } from '../../cli/list-applications.ts';
import { isFinalState } from '../../cli/render/application-report.ts';
import { killAndWait, LIVE_STATES, parseId } from '../../cli/yarn/application-command.ts';
import { AppError } from '../../common/errors.ts';
import type { ApplicationReport } from '../../rpc/messages/shapes.ts';

export default class ApplicationKill extends BaseCommand {
  static override summary = 'Ask for the end of applications, by id or by what they are, and wait for it.';
  static override examples = [
    '<%= config.bin %> application kill application_1700000000000_0001',
    '<%= config.bin %> application kill --tag nightly --user ann',
    "<%= config.bin %> application kill --name 'etl-*'",
  ];
  static override strict = false;
  static override args = { id: Args.string({ description: 'Application ids; or none, and at least one of the flags.' }) };
  static override flags = {
    name: Flags.string({ summary: 'All of this name that have not ended; * stands for any text.' }),
    user: Flags.string({ summary: 'All of this user that have not ended.' }),
    tag: Flags.string({ summary: 'All with one of these tags that have not ended.', multiple: true }),
    type: Flags.string({ summary: 'All of one of these types that have not ended.', multiple: true }),
    queue: Flags.string({ summary: 'All of this queue that have not ended.' }),
  };

  async run(): Promise<ApplicationReport[]> {
    const { argv, flags } = await this.parse(ApplicationKill);
    const { name, user, tag, type, queue } = flags;
    const filtered = [name, user, tag, type, queue].some((flag) => flag !== undefined);
    if (argv.length === 0 && !filtered)
      throw new AppError('SUBMIT_USAGE', { reason: 'name an application id, or what they are: --name, --user, --tag, --type, --queue' });
    return await this.withRm(flags.rm, async ({ rm, user: me }) => {
      const filter = { states: [...LIVE_STATES], types: type ?? [], tags: tag ?? [], queue, user, name };
      const ids = argv.length > 0 ? (argv as string[]).map(parseId) : (await listApplications(rm, filter)).map((a) => a.applicationId);
      const ended: ApplicationReport[] = [];
      for (const id of ids) {
        const report = await killAndWait(rm, id, me);
        const { applicationId, state } = report;
        this.log(isFinalState(state) ? `${applicationId} has ended: ${state}` : `${applicationId} was told to end, and is ${state}`);
        ended.push(report);
      }
      if (ids.length === 0) this.log('No application matches');
      return ended;
    });
  }
}
