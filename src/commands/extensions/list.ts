import { type ExtensionReport, listExtensions } from '../../cli/kernel-extensions.ts';
import { ReportingCommand } from '../../cli/reporting-command.ts';

export default class ExtensionsList extends ReportingCommand {
  static override summary = 'The extensions of the SQL kernel that sources need, and which of them this machine has.';
  static override examples = ['<%= config.bin %> extensions list', '<%= config.bin %> extensions list --json'];

  async run(): Promise<readonly ExtensionReport[]> {
    await this.parse(ExtensionsList);
    const all = listExtensions();
    for (const { name, purpose, path, installed } of all)
      this.log(`${name.padEnd(17)} ${installed ? 'installed' : 'missing  '}  ${purpose}  ${installed ? path : ''}`.trimEnd());
    return all;
  }
}
