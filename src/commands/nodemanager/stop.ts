import { Command, Flags } from '@oclif/core';
import { packageHome } from '../../cli/package-home.ts';
import { runScript } from '../../platform/run-script.ts';

/** The work is bin/stop-nodemanager.sh: pid file, log file, readiness. */
export default class NodeManagerStop extends Command {
  static override summary = 'Stop the NodeManager of this machine, with its containers.';
  static override examples = ['<%= config.bin %> nodemanager stop', '<%= config.bin %> nodemanager stop --name n2'];
  static override flags = { name: Flags.string({ summary: 'Name of the node on this machine.', default: 'n1' }) };

  async run(): Promise<void> {
    const { flags } = await this.parse(NodeManagerStop);
    process.exitCode = await runScript(`${packageHome}/bin/stop-nodemanager.sh`, ['--name', flags.name]);
  }
}
