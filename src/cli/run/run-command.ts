// `emberloom run`: any command as an application of the cluster. Submits it, and is its application master (command-master.ts), or with
// --detach has a container for that. The flags are src/commands/run.ts.
import { copyFileSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../common/errors.ts';
import { type ApplicationId, attemptId } from '../../common/ids.ts';
import type { Logger } from '../../common/ports.ts';
import { resource } from '../../common/resource.ts';
import { SIGNALS } from '../../common/signals.ts';
import type { Cluster } from '../../platform/find-cluster.ts';
import { NetTransport } from '../../platform/net-transport.ts';
import { systemTimers } from '../../platform/system-clock.ts';
import { callPatiently, RM_PATIENCE_MS } from '../../rpc/call-patiently.ts';
import type { RequestOf } from '../../rpc/define-rpc.ts';
import { applicationKill, applicationSubmit } from '../../rpc/messages/client.ts';
import { logsAccess } from '../../rpc/messages/logs.ts';
import type { LocalResource } from '../../rpc/messages/shapes.ts';
import type { Peer } from '../../rpc/peer.ts';
import { packageHome } from '../package-home.ts';
import { connectForNew, connectRm } from '../rm-client.ts';
import { nameInWorkFolder, pathOf } from '../submit/resolve-files.ts';
import { withinReach } from '../submit/stage-remotely.ts';
import { CommandMaster } from './command-master.ts';
import { ShowOutput } from './show-output.ts';
import { type RunSpec, SPEC_VARIABLE } from './spec.ts';

export type RunRequest = {
  readonly spec: Omit<RunSpec, 'resources' | 'user'>;
  readonly name: string;
  readonly queue: string;
  readonly tags: readonly string[];
  readonly nodeLabel: string | undefined;
  /** Absolute paths, `path#name` allowed. */
  readonly files: readonly string[];
  readonly detach: boolean;
};
export type RunAround = {
  readonly cluster: Cluster;
  readonly user: string;
  readonly log: Logger;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
};
export type RunResult = { readonly applicationId: ApplicationId; readonly exitCode: number; readonly diagnostics: string };

/** What the master of a detached run needs: a small Node.js process. */
const MASTER = { memoryMb: 256, vcores: 1, heapMb: 128 };

/** @throws AppError RM_UNREACHABLE, QUEUE_UNKNOWN, RESOURCE_TOO_LARGE, SUBMIT_REFUSED, DATA_DIR_UNUSABLE */
export async function runCommand(request: RunRequest, around: RunAround): Promise<RunResult> {
  const { cluster, user, log } = around;
  const { rm, applicationId, maximumAllocation } = await connectForNew(cluster, user);
  const { memoryMb: wantMb, vcores: wantVcores } = request.spec;
  const { memoryMb: maxMb, vcores: maxVcores } = maximumAllocation;
  if (wantMb > maxMb || wantVcores > maxVcores) {
    rm.close();
    throw new AppError('RESOURCE_TOO_LARGE', { what: 'an instance', wantMb, wantVcores, maxMb, maxVcores });
  }
  const staging = join(cluster.dataDir, 'staging', applicationId);
  try {
    const reconnect = () => connectRm(cluster, user);
    const resources = await withinReach(cluster, stage(request.files, staging), { applicationId, rm, reconnect });
    const spec: RunSpec = { ...request.spec, user, resources };
    const submission = submissionOf(request, spec, applicationId);
    const patience = { connect: reconnect, timers: systemTimers, log, patienceMs: RM_PATIENCE_MS };
    const { peer, reply } = await callPatiently(rm, applicationSubmit, submission, patience);
    log.info(`Submitted application ${applicationId} to queue ${reply.queue}`);
    if (request.detach) {
      peer.close();
      return { applicationId, exitCode: 0, diagnostics: '' };
    }
    return { applicationId, ...(await attend(spec, applicationId, reply.secret, peer, around)) };
  } catch (error) {
    // An application that was taken has its files removed at its end, by the ResourceManager.
    if (error instanceof AppError && error.code !== 'CONNECTION_LOST') rmSync(staging, { recursive: true, force: true });
    throw error;
  } finally {
    rm.close();
  }
}

function submissionOf(
  { name, queue, tags, nodeLabel, detach }: RunRequest,
  spec: RunSpec,
  applicationId: ApplicationId,
): RequestOf<typeof applicationSubmit> {
  const shared = {
    applicationId,
    name,
    type: 'COMMAND',
    user: spec.user,
    queue,
    tags: [...tags],
    priority: spec.priority,
    ...(nodeLabel === undefined ? {} : { nodeLabelExpression: nodeLabel }),
  };
  if (!detach) return { ...shared, unmanaged: true, maxAttempts: 1 };
  return {
    ...shared,
    unmanaged: false,
    maxAttempts: spec.restartPolicy === 'never' ? 1 : 0, // a second master would begin the commands anew
    amResource: resource(MASTER.memoryMb, MASTER.vcores),
    am: {
      kind: 'command',
      args: [process.execPath, `--max-old-space-size=${MASTER.heapMb}`, join(packageHome, 'dist', 'command-master.cjs')],
      env: { [SPEC_VARIABLE]: JSON.stringify(spec) },
      secretEnv: {},
      resources: [],
      user: spec.user,
    },
  };
}

/** Copies, so that what the user changes afterwards changes nothing. @throws AppError DATA_DIR_UNUSABLE */
function stage(files: readonly string[], folder: string): LocalResource[] {
  try {
    return files.map((file) => {
      const [from, name] = [pathOf(file), nameInWorkFolder(file)];
      const path = join(folder, 'files', name);
      mkdirSync(join(folder, 'files'), { recursive: true, mode: 0o700 });
      copyFileSync(from, path);
      return { name, kind: 'file', path, sizeBytes: statSync(path).size };
    });
  } catch (cause) {
    throw new AppError('DATA_DIR_UNUSABLE', { path: folder, detail: (cause as Error).message }, { cause });
  }
}

/** This process is the master: its end is the application's. */
async function attend(
  spec: RunSpec,
  applicationId: ApplicationId,
  secret: string,
  rm: Peer,
  { cluster, user, log, stdout, stderr }: RunAround,
): Promise<Omit<RunResult, 'applicationId'>> {
  const transport = new NetTransport({ tls: cluster.tls });
  const warn = (text: string) => log.warn(text);
  const identity = async () => {
    const peer = await connectRm(cluster, user);
    try {
      return await peer.call(logsAccess, { applicationId, user });
    } finally {
      peer.close();
    }
  };
  const output = new ShowOutput({ transport, identity, prefix: spec.prefix, stdout, stderr, warn });
  const master = new CommandMaster({
    spec,
    secret,
    transport,
    log,
    attemptId: attemptId(applicationId, 1),
    rmAddress: cluster.address,
    host: hostname(),
    timers: systemTimers,
    onStarted: (started) => output.started(started),
    onEnded: (container) => output.ended(container),
    beforeEnd: () => output.finish(),
    onWaiting: (reason) => reason !== undefined && log.info(reason),
  });
  const stop = killOnSignal(applicationId, user, rm, log);
  try {
    return await master.run();
  } catch (error) {
    if (stop.signal !== undefined && error instanceof AppError && error.code === 'APPLICATION_KILLED')
      return { exitCode: SIGNALS[stop.signal], diagnostics: error.message };
    throw error;
  } finally {
    await output.finish();
    rm.close();
  }
}

/** The first signal kills the application, and its end ends us; a second one does not wait. */
function killOnSignal(applicationId: ApplicationId, user: string, rm: Peer, log: Logger): { signal: keyof typeof SIGNALS | undefined } {
  const told: { signal: keyof typeof SIGNALS | undefined } = { signal: undefined };
  for (const [signal, code] of Object.entries(SIGNALS))
    process.on(signal, () => {
      if (told.signal !== undefined) process.exit(code);
      told.signal = signal as keyof typeof SIGNALS;
      log.warn(`${signal}: ending ${applicationId}`);
      const diagnostics = `Application ${applicationId} was killed by user ${user} (${signal})`;
      // Without us its driver is gone: the ResourceManager ends it.
      rm.call(applicationKill, { applicationId, user, diagnostics }).catch(() => process.exit(code));
    });
  return told;
}
