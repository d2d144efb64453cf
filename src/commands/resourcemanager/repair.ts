import { Command } from '@oclif/core';
import { packageHome } from '../../cli/package-home.ts';
import { dataDirOf } from '../../platform/find-cluster.ts';
import { runScript } from '../../platform/run-script.ts';

/** The work is src/resourcemanager/repair/main.ts, in the ResourceManager's program: nothing else knows its store. */
export default class ResourceManagerRepair extends Command {
  static override summary = 'Make a whole state store out of a damaged one: from the newest good backup, and what can still be read.';
  static override description =
    'The ResourceManager must not run. The damaged file is kept beside the new one. A store that is whole stays as it is.';
  static override examples = ['<%= config.bin %> resourcemanager repair'];

  async run(): Promise<void> {
    await this.parse(ResourceManagerRepair);
    const program = `${packageHome}/dist/resourcemanager.cjs`;
    process.exitCode = await runScript(process.execPath, [program, '--repair', '--data', dataDirOf(process.env)]);
  }
}
