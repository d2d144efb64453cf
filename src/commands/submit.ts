import { Command } from '@oclif/core';
import { packageHome } from '../cli/package-home.ts';
import { runScript } from '../platform/run-script.ts';

/** bin/emberloom becomes bin/spark-submit before this program is loaded; this is for the help, and for callers of dist/cli.cjs. */
export default class Submit extends Command {
  static override summary = 'Run a program: spark-submit, with all its options (`emberloom submit --help`).';
  static override strict = false;
  static override examples = [
    '<%= config.bin %> submit app.ts input.txt',
    '<%= config.bin %> submit --master yarn --deploy-mode cluster --num-executors 2 app.ts',
    '<%= config.bin %> submit --status application_1700000000000_0001',
  ];

  async run(): Promise<void> {
    process.exitCode = await runScript(`${packageHome}/bin/spark-submit`, this.argv);
  }
}
