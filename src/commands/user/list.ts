import { ReportingCommand } from '../../cli/reporting-command.ts';
import { listUsers } from '../../cli/user-secrets.ts';
import type { RegisteredUser } from '../../platform/user-registry.ts';

export default class UserList extends ReportingCommand {
  static override summary = 'The users with a secret of their own.';
  static override examples = ['<%= config.bin %> user list', '<%= config.bin %> user list --json'];

  async run(): Promise<RegisteredUser[]> {
    await this.parse(UserList);
    const users = listUsers(process.env);
    for (const { name, generation, revoked } of users) this.log(`${name.padEnd(24)} generation ${generation}${revoked ? '  revoked' : ''}`);
    return users;
  }
}
