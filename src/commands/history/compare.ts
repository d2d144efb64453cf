import { Args } from '@oclif/core';
import { HistoryCommand } from '../../cli/history-command.ts';
import { askHistory } from '../../cli/history-client.ts';
import { comparisonText } from '../../cli/render/history-tables.ts';
import type { Comparison } from '../../status/comparison.ts';

export default class HistoryCompare extends HistoryCommand {
  static override summary = 'Compare two runs: their stages side by side, with time, tasks, bytes, spill and garbage collection.';
  static override examples = [
    '<%= config.bin %> history compare application_1_0001 application_1_0002',
    '<%= config.bin %> history compare app-1/1 app-1/2',
  ];
  static override args = {
    left: Args.string({ description: 'Id of the first run, with its attempt if not the newest: ID or ID/ATTEMPT.', required: true }),
    right: Args.string({ description: 'Id of the second run.', required: true }),
  };

  async run(): Promise<Comparison> {
    const { flags, args } = await this.parse(HistoryCompare);
    const query = new URLSearchParams({ left: args.left, right: args.right });
    const comparison = await askHistory<Comparison>(this.server(flags.url), `/ui/api/compare?${query}`);
    this.log(comparisonText(comparison).trimEnd());
    return comparison;
  }
}
