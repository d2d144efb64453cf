import { Args, Flags } from '@oclif/core';
import { extensionNames, type ExtensionReport, installExtension, listExtensions } from '../../cli/kernel-extensions.ts';
import { ReportingCommand } from '../../cli/reporting-command.ts';
import type { KernelExtension } from '../../platform/kernel-extensions.ts';

export default class ExtensionsInstall extends ReportingCommand {
  static override summary = "Fetch extensions of the SQL kernel with this user's pip: for object stores and databases.";
  static override description =
    'On every machine whose executors need them, as the user that runs executors; or once into a folder that all see (EMBERLOOM_EXTENSIONS).';
  static override examples = ['<%= config.bin %> extensions install httpfs', '<%= config.bin %> extensions install'];
  static override strict = false;
  static override args = { name: Args.string({ description: `One or several of: ${extensionNames.join(', ')}. All, when left out.` }) };
  static override flags = {
    again: Flags.boolean({ summary: 'Also those that are there already.' }),
    python: Flags.string({ summary: 'The Python whose pip fetches them.', default: 'python3' }),
  };

  async run(): Promise<readonly ExtensionReport[]> {
    const { argv, flags } = await this.parse(ExtensionsInstall);
    const unknown = (argv as string[]).filter((name) => !extensionNames.includes(name as KernelExtension));
    if (unknown.length > 0)
      this.error(`there is no extension ${unknown.join(', ')} for Emberloom; there are ${extensionNames.join(', ')}`, { exit: 2 });
    const wanted = argv.length > 0 ? (argv as KernelExtension[]) : extensionNames;
    for (const name of wanted) {
      const isNew = await installExtension(name, { again: flags.again, python: flags.python });
      this.log(`${name}: ${isNew ? 'installed' : 'is there already'}`);
    }
    return listExtensions().filter(({ name }) => wanted.includes(name));
  }
}
