// The ResourceManager while it is the active one: what the store had becomes the core, the loop runs, peers are served. Given up whole
// when it ends or another one takes over. Who is active: ha-role.ts; who stands by: standby-door.ts.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { AppError } from '../../common/errors.ts';
import { type ApplicationId, applicationOfAttempt, isAttemptId, type NodeId } from '../../common/ids.ts';
import { MAX_USER_FRAME_BYTES } from '../../rpc/channel.ts';
import type { SecretOf } from '../../rpc/auth.ts';
import { acceptChannel } from '../../rpc/connect.ts';
import { ConnectionGate, hostOf } from '../../rpc/connection-gate.ts';
import { Peer } from '../../rpc/peer.ts';
import { ProvenChannels } from '../../rpc/proven-channels.ts';
import { userSecret } from '../../rpc/user-secret.ts';
import type { Recovered } from '../core/records.ts';
import { RmCore } from '../core/rm-core.ts';
import { Access, noteEnd, type Who } from './access.ts';
import { type AdminParts, serveAdmin } from './admin-service.ts';
import { serveClient, serveNobody } from './client-service.ts';
import { Connections } from './connections.ts';
import { serveDriver } from './driver-service.ts';
import { EventLoop } from './event-loop.ts';
import type { MasterKeys } from './master-keys.ts';
import { serveNode } from './node-service.ts';
import { NodeLogs } from './node-logs.ts';
import { NodeLists } from './node-lists.ts';
import type { Refresh } from './operator-service.ts';
import type { RmOptions, RmParts } from './resource-manager.ts';
import { OPEN, type RmSecurity } from './rm-security.ts';
import { runTells } from './run-effects.ts';
import { StagedFiles, type StagingLimits } from './staged-files.ts';
import type { StoreGuard } from './store-guard.ts';
import { keysOf } from './master-keys-of.ts';

export type Activation = {
  readonly parts: RmParts;
  readonly options: RmOptions;
  readonly store: StoreGuard;
  readonly found: Recovered;
  readonly admin: AdminParts;
  /** Whether this is still the active one. @throws AppError LEASE_LOST, STORE_UNWRITABLE */
  readonly mayTell: () => void;
  readonly onFatal: (error: Error) => void;
};
export type ActiveRm = {
  readonly loop: EventLoop;
  /** May he? For the web app, which asks as the door does. */
  readonly access: Access;
  /** Container logs of all nodes. */
  readonly logs: NodeLogs;
  readonly accept: (stream: Duplex) => void;
  /** What is still to be saved is saved; nothing more is told. */
  stop(): void;
  /** Another one is active: nothing is saved, nothing is told, and who is connected finds the other one. */
  abandon(): void;
};

export function activate({ parts, options, store, found, admin, mayTell, onFatal }: Activation): ActiveRm {
  const { clock, timers, logger } = parts;
  const core = new RmCore(options.settings, found, options.queues, clock.nowMs(), options.policies);
  const security = options.security ?? OPEN;
  core.cluster.rights = security.policy;
  const access = new Access({ cluster: core.cluster, ...security });
  const connections = new Connections();
  const ended = (id: ApplicationId) => {
    parts.removeStaging?.(id);
    const application = core.cluster.applications.get(id);
    if (application !== undefined) noteEnd(access, application);
  };
  const staged = new StagedFiles(join(options.dataDir, 'staging'), options.staging ?? NO_STAGING_LIMITS);
  const keys = keysOf({ parts, options, security, store, found, cluster: core.cluster });
  const loop = new EventLoop({
    core,
    clock,
    timers,
    onFatal,
    mayTell,
    save: (effects) => store.save(effects),
    refusesNew: () => store.refusesNew,
    onTrouble: (trouble) => {
      if (trouble === undefined) logger.info('The state store can be written again: what had to wait is saved and told');
      else logger.error(`${trouble.message} Nothing is told meanwhile; tried again every half second.`);
    },
    tell: (effects) => runTells(effects, { cluster: core.cluster, connections, signer: keys, logger, removeStaging: ended }),
  });
  const logs = new NodeLogs({
    cluster: core.cluster,
    access,
    folder: options.appLogsDir ?? join(options.dataDir, 'app-logs'),
    ...parts,
    ...options,
  });
  const live = found.applications.filter((a) => a.finishedAtMs === 0).length;
  logger.info(`Epoch ${found.epoch}; recovered ${found.applications.length} applications, ${live} of them live`);
  const peers = new Set<Peer>();
  const secretOf = secrets({ options, security, loop });
  const proven = new ProvenChannels();
  const doing = { parts, options, security, access, loop, connections, keys, staged, admin, mayTell, peers, logs };
  const accept = acceptor({ ...doing, secretOf, proven });
  // It may have been killed between the commit of an end and what follows from it.
  for (const { id, finishedAtMs } of found.applications) if (finishedAtMs !== 0) parts.removeStaging?.(id);
  void staged.sweep((id) => core.cluster.applications.has(id), clock.nowMs());
  loop.start();
  const stopLooking = timers.every(KEY_LOOK_MS, () => {
    lookAtKeys(keys, onFatal);
    proven.look(secretOf);
  });
  return {
    loop,
    access,
    logs,
    accept,
    stop: () => {
      stopLooking();
      logs.close();
      loop.stop();
    },
    abandon: () => {
      stopLooking();
      logs.close();
      loop.abandon();
      for (const peer of peers) peer.channel.destroy('another ResourceManager is active');
    },
  };
}

const KEY_LOOK_MS = 1_000;
const NO_STAGING_LIMITS: StagingLimits = {
  maxBytes: Number.POSITIVE_INFINITY,
  maxBytesPerUser: Number.POSITIVE_INFINITY,
  remove: (path) => rm(path, { recursive: true, force: true }),
};
const ALL_NODES = new NodeLists({ include: undefined, exclude: undefined });

/** New keys need the store: without it the old ones hold on. */
function lookAtKeys(keys: MasterKeys, onFatal: (error: Error) => void): void {
  try {
    keys.look();
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'STORE_UNWRITABLE') onFatal(error as Error);
  }
}

type Accepting = {
  readonly parts: RmParts;
  readonly options: RmOptions;
  readonly security: RmSecurity;
  readonly access: Access;
  readonly loop: EventLoop;
  readonly connections: Connections;
  readonly keys: MasterKeys;
  readonly staged: StagedFiles;
  readonly admin: AdminParts;
  readonly mayTell: () => void;
  readonly logs: NodeLogs;
  /** All that are connected. */
  readonly peers: Set<Peer>;
  readonly secretOf: SecretOf;
  readonly proven: ProvenChannels;
};

/** Who proves what: docs/RPC.md. Each kind of peer gets its own messages only. */
function acceptor(accepting: Accepting): (stream: Duplex) => void {
  const { security, parts, secretOf, proven } = accepting;
  const gate = new ConnectionGate(security.limits);
  let refused = 0;
  // Strangers, garbage and floods must not fill the log: each power of two is one line.
  const count = (why: string) => {
    refused++;
    if ((refused & (refused - 1)) === 0) parts.logger.warn(`${refused} connection${refused === 1 ? ' was' : 's were'} refused: ${why}`);
  };
  return (stream) => {
    if (!gate.enter(stream)) return count('there are too many (emberloom.connections.max, emberloom.connections.max-unproven)');
    acceptChannel(
      stream,
      'a peer',
      secretOf,
      (channel, id) => {
        proven.add(channel, id);
        serve(stream, new Peer(channel, id), { ...accepting, id, within: gate.proven(stream, id) });
      },
      () => count('no proof of identity'),
    );
  };
}

function secrets({ options, security, loop }: Pick<Accepting, 'options' | 'security' | 'loop'>): SecretOf {
  const { applications } = loop.core.cluster;
  return (id) => {
    if (id.startsWith('client:') || id.startsWith('nm:') || id.startsWith('admin:')) return options.secrets.accepted();
    if (id.startsWith('user:')) {
      const user = id.slice('user:'.length);
      const generation = security.generationOf(user);
      return generation === undefined ? undefined : options.secrets.accepted().map((secret) => userSecret(secret, user, generation));
    }
    const attempt = id.slice('am:'.length);
    if (id.startsWith('am:') && isAttemptId(attempt)) return applications.get(applicationOfAttempt(attempt))?.secret;
    return undefined;
  };
}

const refreshing =
  ({ security, loop, access }: Pick<Accepting, 'security' | 'loop' | 'access'>): Refresh =>
  async (what) => {
    if (what === 'userToGroups') return security.forgetGroups?.();
    const again = await security.again?.();
    if (again === undefined) return;
    if (what === 'adminAcls') loop.core.cluster.rights = again.policy;
    else access.proxies = again.proxies;
  };

type Serving = Accepting & { readonly id: string /** Not one connection too many of the same identity. */; readonly within: boolean };

function serve(stream: Duplex, peer: Peer, serving: Serving): void {
  const { id, within, parts, options, security, access, loop, connections, keys, staged, admin, mayTell, peers, logs } = serving;
  const { logger } = parts;
  const name = id.slice(id.indexOf(':') + 1);
  if (id.startsWith('admin:')) return serveAdmin(peer, admin); // it is about this process, whoever is the active one
  const nodeLists = options.nodeLists ?? ALL_NODES;
  if (!id.startsWith('nm:')) peer.channel.maxFrameBytes = MAX_USER_FRAME_BYTES;
  peer.admit = mayTell;
  peers.add(peer);
  stream.once('close', () => peers.delete(peer));
  if (id.startsWith('nm:')) serveNode(peer, name as NodeId, { loop, connections, logger, keys, staged, nodeLists, access });
  else if (id.startsWith('am:')) serveDriver(peer, name as never, { loop, connections, logger, keys, access });
  else if (!within) serveNobody(peer, security.limits.maxPerIdentity);
  else {
    const who: Who = { user: name, real: name, trusted: id.startsWith('client:'), ip: hostOf(stream) };
    const { version, dataDir, readQueues, httpAddress, web } = options;
    serveClient(peer, {
      loop,
      connections,
      logger,
      version,
      dataDir,
      readQueues,
      httpAddress,
      web,
      access,
      keys,
      who,
      staged,
      nodeLists,
      logs,
      refresh: refreshing(serving),
    });
  }
}
