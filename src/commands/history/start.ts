import { Args, Command, Flags } from '@oclif/core';
import { packageHome } from '../../cli/package-home.ts';
import { runScript } from '../../platform/run-script.ts';

/** The work is bin/start-history-server.sh: pid file, log file, readiness. */
export default class HistoryStart extends Command {
  static override summary = 'Start the history server in the background, and wait until it answers.';
  static override examples = ['<%= config.bin %> history start', '<%= config.bin %> history start /data/spark-events'];
  static override flags = {
    'properties-file': Flags.string({ summary: 'Read settings from this file instead of conf/spark-defaults.conf.', helpValue: 'FILE' }),
  };
  static override args = {
    folder: Args.string({ description: 'Folder of event logs; without it spark.history.fs.logDirectory.', required: false }),
  };

  async run(): Promise<void> {
    const { flags, args } = await this.parse(HistoryStart);
    const file = flags['properties-file'];
    const given = [...(file === undefined ? [] : ['--properties-file', file]), ...(args.folder === undefined ? [] : [args.folder])];
    process.exitCode = await runScript(`${packageHome}/bin/start-history-server.sh`, given);
  }
}
