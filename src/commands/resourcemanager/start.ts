import { Command } from '@oclif/core';
import { packageHome } from '../../cli/package-home.ts';
import { runScript } from '../../platform/run-script.ts';

/** The work is bin/start-resourcemanager.sh: pid file, log file, readiness. */
export default class ResourceManagerStart extends Command {
  static override summary = 'Start the ResourceManager of this machine in the background, and wait until it answers.';
  static override examples = ['<%= config.bin %> resourcemanager start'];

  async run(): Promise<void> {
    await this.parse(ResourceManagerStart);
    process.exitCode = await runScript(`${packageHome}/bin/start-resourcemanager.sh`, []);
  }
}
