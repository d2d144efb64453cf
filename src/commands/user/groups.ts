import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { groupsOfUser } from '../../rpc/messages/operators.ts';

export default class UserGroups extends BaseCommand {
  static override summary =
    "The groups of a user as the ResourceManager's host knows them: those that queues' access lists are held against.";
  static override examples = ['<%= config.bin %> user groups ann'];
  static override args = { user: Args.string({ description: 'Name of a user; without one, yours.' }) };

  async run(): Promise<{ user: string; groups: string[] }> {
    const { args, flags } = await this.parse(UserGroups);
    const found = await this.withRm(flags['rm'], async ({ rm, user: me }) => {
      const user = args.user ?? me;
      return { user, groups: (await rm.call(groupsOfUser, { user })).groups };
    });
    this.log(`${found.user}: ${found.groups.join(' ') || 'none'}`);
    return found;
  }
}
