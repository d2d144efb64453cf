// What every command of `emberloom` has, whomever it asks: --json, and failures with code, sentence and hint. Those that ask a
// ResourceManager are base-command.ts, a history server history-command.ts.
import { Command } from '@oclif/core';
import { AppError } from '../common/errors.ts';
import { errorReport } from './render/error-report.ts';

export abstract class ReportingCommand extends Command {
  static override enableJsonFlag = true;

  /** An AppError is an answer, not an accident: sentence and hint on stderr, its own exit code. With --json the answer is on stdout. */
  protected override async catch(error: Error & { exitCode?: number }): Promise<unknown> {
    if (!(error instanceof AppError)) return await super.catch(error);
    if (this.jsonEnabled()) this.logJson(this.toErrorJson(error));
    else process.stderr.write(errorReport(error, Boolean(process.env['EMBERLOOM_DEBUG'])));
    process.exitCode = error.exitCode;
    return undefined;
  }

  protected override toErrorJson(error: unknown): unknown {
    if (error instanceof AppError) return { error: { code: error.code, message: error.message, hint: error.hint, params: error.params } };
    return { error: { message: error instanceof Error ? error.message : String(error) } };
  }
}
