import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { listApplications } from '../../cli/list-applications.ts';
import { applicationTable } from '../../cli/render/yarn-tables.ts';
import { type ApplicationReport, anApplicationState } from '../../rpc/messages/shapes.ts';

const STATES = ['NEW', 'NEW_SAVING', 'SUBMITTED', 'ACCEPTED', 'RUNNING', 'FINISHED', 'FAILED', 'KILLED'].filter(
  (s) => anApplicationState.check(s, '') === undefined,
) as ApplicationReport['state'][];

export default class ApplicationList extends BaseCommand {
  static override summary = 'List applications, newest first.';
  static override examples = [
    '<%= config.bin %> application list',
    '<%= config.bin %> application list --state RUNNING --state ACCEPTED',
    '<%= config.bin %> application list --json',
  ];
  static override flags = {
    state: Flags.option({ options: STATES, multiple: true })({ summary: 'Show only these states; without it, all.' }),
    type: Flags.string({ summary: 'Show only these types.', multiple: true }),
    tag: Flags.string({ summary: 'Show only applications with one of these tags.', multiple: true }),
    queue: Flags.string({ summary: 'Show only applications of this queue.' }),
    user: Flags.string({ summary: 'Show only applications of this user.' }),
    name: Flags.string({ summary: 'Show only applications of this name; * stands for any text.' }),
  };

  async run(): Promise<ApplicationReport[]> {
    const { flags } = await this.parse(ApplicationList);
    const filter = { states: flags.state ?? [], types: flags.type ?? [], tags: flags.tag ?? [] };
    const applications = await this.withRm(flags.rm, ({ rm }) =>
      listApplications(rm, { ...filter, queue: flags.queue, user: flags.user, name: flags.name }),
    );
    this.log(applicationTable(applications, { ...filter, states: filter.states.length > 0 ? filter.states : STATES }).trimEnd());
    return applications;
  }
}
