// What every command of `emberloom` has: --json, one connection to the ResourceManager, and failures with code, sentence and hint.
import { Command, Flags } from '@oclif/core';
import { AppError } from '../common/errors.ts';
import type { Peer } from '../rpc/peer.ts';
import { packageHome } from './package-home.ts';
import { errorReport } from './render/error-report.ts';
import { type Cluster, findCluster } from '../platform/find-cluster.ts';
import { connectRm } from './rm-client.ts';
import { userOf } from './submit/prepare.ts';

export type Connected = { readonly rm: Peer; readonly cluster: Cluster; readonly user: string };

export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true;
  static override baseFlags = {
    rm: Flags.string({
      summary: 'Address of the ResourceManager: unix:/path, tcp:host:port or tls:host:port.',
      helpGroup: 'GLOBAL',
      helpValue: 'ADDRESS',
    }),
  };

  /** @param rmAddress value of --rm */
  protected async withRm<T>(rmAddress: string | undefined, act: (connected: Connected) => Promise<T>): Promise<T> {
    const { env } = process;
    const user = userOf(env);
    const cluster = await findCluster(env['EMBERLOOM_CONF_DIR'] || env['SPARK_CONF_DIR'] || `${packageHome}/conf`, env, rmAddress);
    const rm = await connectRm(cluster, user);
    try {
      return await act({ rm, cluster, user });
    } finally {
      rm.close();
    }
  }

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
