import { Args, Flags } from '@oclif/core';
import { ReportingCommand } from '../../cli/reporting-command.ts';
import { addUser, type IssuedUser } from '../../cli/user-secrets.ts';

export default class UserAdd extends ReportingCommand {
  static override summary = "Make a secret of a user's own, with which he submits and looks after his applications without the cluster's.";
  static override description =
    'As root the secret is put in the home of the account (~/.config/emberloom/user-secret, 0600); else into a file for you to hand over. It is never printed. Again for the same user it is the same secret; --renew, or after a revocation, it is a new one.';
  static override examples = ['<%= config.bin %> user add alice', '<%= config.bin %> user add alice --renew --to /root/alice.secret'];
  static override args = { name: Args.string({ description: 'User name.', required: true }) };
  static override flags = {
    renew: Flags.boolean({ summary: 'A new secret; the one before counts no more.' }),
    to: Flags.string({ summary: 'Put it into this file.', helpValue: 'FILE' }),
  };

  async run(): Promise<IssuedUser> {
    const { args, flags } = await this.parse(UserAdd);
    const user = await addUser(process.env, args.name, flags);
    this.log(`${user.name} has a secret of generation ${user.generation}: ${user.file}`);
    if (!user.installed)
      this.log(
        'Hand it over on a safe way; it belongs into ~/.config/emberloom/user-secret, mode 0600, and EMBERLOOM_DATA must name this folder.',
      );
    return user;
  }
}
