// What the commands that ask the ResourceManager share: --rm, and one connection.
import { Flags } from '@oclif/core';
import type { Peer } from '../rpc/peer.ts';
import { packageHome } from './package-home.ts';
import { ReportingCommand } from './reporting-command.ts';
import { type Cluster, findCluster } from '../platform/find-cluster.ts';
import { connectRm } from './rm-client.ts';
import { userOf } from './submit/prepare.ts';

export type Connected = { readonly rm: Peer; readonly cluster: Cluster; readonly user: string };

export abstract class BaseCommand extends ReportingCommand {
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
}
