import { Command, Flags } from '@oclif/core';
import { packageHome } from '../../cli/package-home.ts';
import { runScript } from '../../platform/run-script.ts';

/** The work is bin/start-nodemanager.sh: pid file, log file, readiness. */
export default class NodeManagerStart extends Command {
  static override summary = 'Start the NodeManager of this machine in the background, and wait until it answers.';
  static override examples = ['<%= config.bin %> nodemanager start', '<%= config.bin %> nodemanager start --name n2'];
  static override flags = { name: Flags.string({ summary: 'Name of the node on this machine.', default: 'n1' }) };

  async run(): Promise<void> {
    const { flags } = await this.parse(NodeManagerStart);
    process.exitCode = await runScript(`${packageHome}/bin/start-nodemanager.sh`, ['--name', flags.name]);
  }
}
