// Whether a cluster has other hosts than this, and how a submission then gets there: packed (pack-program.ts), and left with the
// ResourceManager, from where NodeManagers take it. On one host nothing is sent: nodes read the files where they are (stage-program.ts).
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApplicationId } from '../../common/ids.ts';
import type { Logger } from '../../common/ports.ts';
import { farRmOf } from '../../common/rm-addresses.ts';
import type { SubmitConfig } from '../../common/submit-config.ts';
import { type Cluster, type Environment, findCluster } from '../../platform/find-cluster.ts';
import type { LocalResource } from '../../rpc/messages/shapes.ts';
import type { Peer } from '../../rpc/peer.ts';
import { sendStaged } from '../../rpc/send-staged.ts';
import type { Staged } from './am-launch.ts';

/** A ResourceManager that is reached by TLS has, or may get, nodes that don't see this host's files. */
export const severalHosts = ({ address }: Pick<Cluster, 'address'>): boolean => farRmOf(address)?.kind === 'tls';

type Remotely = {
  readonly stagingDir: string;
  readonly applicationId: ApplicationId;
  readonly rm: Peer;
  readonly reconnect: () => Promise<Peer>;
  readonly say: (line: string) => void;
};

/** Cluster mode. @throws AppError DATA_DIR_UNUSABLE, STAGING_FULL, STAGING_REFUSED, RM_UNREACHABLE */
export async function stageRemotely(config: SubmitConfig, { stagingDir, applicationId, rm, reconnect, say }: Remotely): Promise<Staged> {
  const { packProgram } = await import('./pack-program.ts');
  const folder = join(stagingDir, 'packed'); // beside what a ResourceManager of the same data folder takes
  const { shipped, inContainer } = await packProgram(config, folder, say);
  await sendStaged({ rm, reconnect }, applicationId, shipped.files);
  for (const { name, sizeBytes } of shipped.files) say(`Left ${name} (${sizeBytes} bytes) with the ResourceManager`);
  rmSync(folder, { recursive: true, force: true });
  return { stagingDir, config: inContainer, resources: shipped.files.map((file) => ({ ...file, stagedFor: applicationId })) };
}

/** Files that were staged on this host, where nodes of other hosts find them, too. @throws AppError STAGING_FULL, STAGING_REFUSED, RM_UNREACHABLE */
export async function withinReach(
  cluster: Cluster,
  staged: readonly LocalResource[],
  { applicationId, rm, reconnect }: Omit<Remotely, 'say' | 'stagingDir'>,
): Promise<LocalResource[]> {
  if (!severalHosts(cluster)) return [...staged];
  const { sha256Of } = await import('./pack-program.ts');
  const files = await Promise.all(staged.map(async (resource) => ({ ...resource, sha256: await sha256Of(resource.path) })));
  await sendStaged({ rm, reconnect }, applicationId, files);
  for (const { path } of files) rmSync(path, { force: true });
  return files.map((file) => ({ ...file, stagedFor: applicationId }));
}

type Around = { readonly confDir: string; readonly env: Environment; readonly logger: Logger };

/** Client mode: the driver sends what is packed here, once it has an application. @throws AppError as packProgram */
export async function forOtherHosts(config: SubmitConfig, { confDir, env, logger }: Around): Promise<SubmitConfig> {
  if (!/^(yarn|emberloom)$/.test(config.master)) return config;
  const said = config.conf.find(([key]) => key === 'spark.hadoop.yarn.resourcemanager.address')?.[1];
  if (!severalHosts(await findCluster(confDir, env, said))) return config;
  const { packProgram } = await import('./pack-program.ts');
  const folder = mkdtempSync(join(tmpdir(), 'emberloom-submit-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const { shipped } = await packProgram(config, folder, (line) => logger.debug(line));
  return { ...config, shipped };
}
