import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { containerLinks } from '../../cli/container-links.ts';
import { type ContainerLink, containerTable, type LiveContainer } from '../../cli/render/yarn-tables.ts';
import { parseId } from '../../cli/yarn/application-command.ts';
import { attemptList, containerList } from '../../rpc/messages/client.ts';

export default class ContainerList extends BaseCommand {
  static override summary =
    'List the containers of an application, of all its attempts, live ones and ended ones, with links to their logs.';
  static override examples = [
    '<%= config.bin %> container list application_1700000000000_0001',
    '<%= config.bin %> container list application_1700000000000_0001 --json',
  ];
  static override args = { id: Args.string({ description: 'Application id.', required: true }) };

  async run(): Promise<(LiveContainer & ContainerLink)[]> {
    const { args, flags } = await this.parse(ContainerList);
    const applicationId = parseId(args.id);
    return await this.withRm(flags['rm'], async ({ rm }) => {
      const { attempts } = await rm.call(attemptList, { applicationId });
      const lists = await Promise.all(attempts.map(({ attemptId }) => rm.call(containerList, { attemptId })));
      const containers = lists.flatMap((l) => l.containers);
      const linkOf = await containerLinks(rm, applicationId);
      this.log(containerTable(containers, linkOf).trimEnd());
      return containers.map((c) => ({ ...c, ...linkOf(c) }));
    });
  }
}
