import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { settingsRefresh } from '../../rpc/messages/operators.ts';

/** What each means to the ResourceManager. */
const WHAT = { admins: 'adminAcls', proxies: 'superUserGroups', groups: 'userToGroups' } as const;

export default class ClusterRefresh extends BaseCommand {
  static override summary =
    'Read settings again without a restart: who administers (yarn.admin.acl), who may act for whom (hadoop.proxyuser.*), groups of users.';
  static override examples = ['<%= config.bin %> cluster refresh admins', '<%= config.bin %> cluster refresh groups'];
  static override args = { what: Args.string({ options: Object.keys(WHAT), description: 'admins, proxies or groups.', required: true }) };

  async run(): Promise<{ refreshed: string }> {
    const { args, flags } = await this.parse(ClusterRefresh);
    await this.withRm(flags['rm'], ({ rm }) => rm.call(settingsRefresh, { what: WHAT[args.what as keyof typeof WHAT] }));
    this.log(`Read again: ${args.what}`);
    return { refreshed: args.what };
  }
}
