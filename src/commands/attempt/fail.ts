import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import type { AttemptReport } from '../../cli/render/yarn-tables.ts';
import { AppError } from '../../common/errors.ts';
import { isAttemptId } from '../../common/ids.ts';
import { attemptFail } from '../../rpc/messages/operators.ts';

export default class AttemptFail extends BaseCommand {
  static override summary =
    'End an attempt with all of its containers, as a failure: another one begins unless it was the last that may fail.';
  static override examples = ['<%= config.bin %> attempt fail appattempt_1700000000000_0001_000001'];
  static override args = { id: Args.string({ description: 'Attempt id.', required: true }) };

  async run(): Promise<AttemptReport> {
    const { args, flags } = await this.parse(AttemptFail);
    const attemptId = args.id;
    if (!isAttemptId(attemptId))
      throw new AppError('SUBMIT_USAGE', {
        reason: `Invalid AppAttemptId: ${attemptId}; it looks like appattempt_1700000000000_0001_000001`,
      });
    const report = await this.withRm(flags['rm'], ({ rm, user }) => rm.call(attemptFail, { attemptId, user }));
    this.log(`${attemptId} is ${report.state}`);
    return report;
  }
}
