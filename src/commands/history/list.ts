import { Flags } from '@oclif/core';
import { HistoryCommand } from '../../cli/history-command.ts';
import { askHistory } from '../../cli/history-client.ts';
import { historyTable, type ListedApplication } from '../../cli/render/history-tables.ts';

export default class HistoryList extends HistoryCommand {
  static override summary = 'List the applications that a history server knows, newest first.';
  static override examples = ['<%= config.bin %> history list', '<%= config.bin %> history list --status running --limit 5'];
  static override flags = {
    status: Flags.option({ options: ['completed', 'running'] as const })({ summary: 'Show only these.' }),
    limit: Flags.integer({ summary: 'Show only so many.', min: 1 }),
  };

  async run(): Promise<readonly ListedApplication[]> {
    const { flags } = await this.parse(HistoryList);
    const query = new URLSearchParams();
    if (flags.status !== undefined) query.set('status', flags.status);
    if (flags.limit !== undefined) query.set('limit', String(flags.limit));
    const applications = await askHistory<ListedApplication[]>(this.server(flags.url), `/api/v1/applications?${query}`);
    this.log(historyTable(applications).trimEnd());
    return applications;
  }
}
