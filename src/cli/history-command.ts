// What the commands that ask a history server share: --url. They need no ResourceManager.
import { Flags } from '@oclif/core';
import { historyUrl } from './history-client.ts';
import { ReportingCommand } from './reporting-command.ts';

export abstract class HistoryCommand extends ReportingCommand {
  static override baseFlags = {
    url: Flags.string({
      summary: 'Address of the history server. Default: this host, and the port of spark.history.ui.port.',
      helpGroup: 'GLOBAL',
      helpValue: 'http://HOST:PORT',
    }),
  };

  protected server(url: string | undefined): string {
    return historyUrl(url, process.env);
  }
}
