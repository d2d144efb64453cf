import { Command } from '@oclif/core';
import { packageHome } from '../../cli/package-home.ts';
import { runScript } from '../../platform/run-script.ts';

/** The work is bin/stop-history-server.sh. */
export default class HistoryStop extends Command {
  static override summary = 'Stop the history server. Its indexes stay.';
  static override examples = ['<%= config.bin %> history stop'];

  async run(): Promise<void> {
    await this.parse(HistoryStop);
    process.exitCode = await runScript(`${packageHome}/bin/stop-history-server.sh`, []);
  }
}
