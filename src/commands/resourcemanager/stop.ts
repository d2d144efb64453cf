import { Command } from '@oclif/core';
import { packageHome } from '../../cli/package-home.ts';
import { runScript } from '../../platform/run-script.ts';

/** The work is bin/stop-resourcemanager.sh: pid file, log file, readiness. */
export default class ResourceManagerStop extends Command {
  static override summary = 'Stop the ResourceManager of this machine.';
  static override examples = ['<%= config.bin %> resourcemanager stop'];

  async run(): Promise<void> {
    await this.parse(ResourceManagerStop);
    process.exitCode = await runScript(`${packageHome}/bin/stop-resourcemanager.sh`, []);
  }
}
