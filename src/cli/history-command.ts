// What the commands that ask a history server share: --url, --json, and failures as BaseCommand tells them. They need no ResourceManager.
import { Command, Flags } from '@oclif/core';
import { AppError } from '../common/errors.ts';
import { historyUrl } from './history-client.ts';
import { errorReport } from './render/error-report.ts';

export abstract class HistoryCommand extends Command {
  static override enableJsonFlag = true;
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

  protected override async catch(error: Error & { exitCode?: number }): Promise<unknown> {
    if (!(error instanceof AppError)) return await super.catch(error);
    if (this.jsonEnabled()) this.logJson({ error: { code: error.code, message: error.message, hint: error.hint, params: error.params } });
    else process.stderr.write(errorReport(error, Boolean(process.env['EMBERLOOM_DEBUG'])));
    process.exitCode = error.exitCode;
    return undefined;
  }
}
