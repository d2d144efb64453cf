import { Args } from '@oclif/core';
import { ReportingCommand } from '../../cli/reporting-command.ts';
import { revokeUser } from '../../cli/user-secrets.ts';
import type { RegisteredUser } from '../../platform/user-registry.ts';

export default class UserRevoke extends ReportingCommand {
  static override summary = "Take a user's secret back: from the next connection on it counts no more. What he runs goes on.";
  static override examples = ['<%= config.bin %> user revoke alice'];
  static override args = { name: Args.string({ description: 'User name.', required: true }) };

  async run(): Promise<RegisteredUser> {
    const { args } = await this.parse(UserRevoke);
    const user = revokeUser(process.env, args.name);
    this.log(`The secret of ${user.name} (generation ${user.generation}) counts no more`);
    return user;
  }
}
