// The ResourceManager put together on given adapters: store → core → loop → services → listener. main.ts chooses the adapters;
// tests choose others.
import type { Duplex } from 'node:stream';
import { type ApplicationId, applicationOfAttempt, isAttemptId, type NodeId } from '../../common/ids.ts';
import { type AuditSink, NO_AUDIT } from '../../common/audit-line.ts';
import type { Clock, Database, Logger, Timers } from '../../common/ports.ts';
import type { Channel } from '../../rpc/channel.ts';
import { acceptChannel } from '../../rpc/connect.ts';
import { ConnectionGate, type ConnectionLimits, hostOf, NO_LIMITS } from '../../rpc/connection-gate.ts';
import { Peer } from '../../rpc/peer.ts';
import { userSecret } from '../../rpc/user-secret.ts';
import type { Address, Listener, Transport } from '../../rpc/transport.ts';
import { OPEN_POLICY, type Policy } from '../core/acls/may-user.ts';
import type { ProxyRules } from '../core/acls/proxy-rules.ts';
import type { Cluster } from '../core/cluster.ts';
import type { KeyTimes } from '../core/token-keys.ts';
import type { RmSettings } from '../core/records.ts';
import { RmCore } from '../core/rm-core.ts';
import type { QueuePolicies, QueuesRead } from '../core/queue-policies.ts';
import type { SchedulerConfig } from '../core/scheduler/create-scheduler.ts';
import { RmStore } from '../store/rm-store.ts';
import { Access, noteEnd, type Who } from './access.ts';
import { serveClient, serveNobody } from './client-service.ts';
import { Connections } from './connections.ts';
import { serveDriver } from './driver-service.ts';
import { EventLoop } from './event-loop.ts';
import { serveNode } from './node-service.ts';
import { runTells } from './run-effects.ts';
import { MasterKeys } from './master-keys.ts';

export type RmParts = {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly transport: Transport;
  /** Opened after the sockets are ours, so two ResourceManagers never have the state at once. */
  readonly openDatabase: () => Database;
  /** 32 random bytes as hex. */
  readonly newKey: () => string;
  /** Of an application that has ended. */
  readonly removeStaging?: ((id: ApplicationId) => void) | undefined;
};
export type RmOptions = {
  readonly addresses: readonly Address[];
  /** Interface for TLS; default: the one that the address names. */
  readonly bindHost?: string | undefined;
  readonly secret: string;
  readonly settings: RmSettings;
  readonly version: string;
  readonly dataDir: string;
  readonly httpAddress?: string | undefined;
  readonly queues: SchedulerConfig;
  readonly policies?: QueuePolicies;
  readonly readQueues: () => Promise<QueuesRead>;
  /** Without it nobody is asked for rights and nothing is written down (clusters inside a program, tests). */
  readonly security?: RmSecurity | undefined;
  /** A defect of ours or a store that failed: end the process, the state is what was committed. */
  readonly onFatal: (error: Error) => void;
};
export type RmSecurity = {
  readonly policy: Omit<Policy, 'queues'>;
  readonly proxies: ProxyRules;
  readonly groupsOf: (user: string) => Promise<readonly string[]>;
  readonly audit: AuditSink;
  readonly hideOthers: boolean;
  /** Of the secret of a user's own; undefined: he has none. */
  readonly generationOf: (user: string) => number | undefined;
  readonly limits: ConnectionLimits;
  /** yarn.resourcemanager.*-tokens.master-key-rolling-interval-secs */
  readonly rollEveryMs: { readonly container: number; readonly nm: number };
};
const OPEN: RmSecurity = {
  policy: OPEN_POLICY,
  proxies: new Map(),
  groupsOf: async () => [],
  audit: NO_AUDIT,
  hideOthers: false,
  generationOf: () => undefined,
  limits: NO_LIMITS,
  rollEveryMs: { container: 86_400_000, nm: 86_400_000 },
};
const KEY_LOOK_MS = 1_000;
/** A node's clock may be behind ours by so much; it shows an expired token as one that it takes. */
const TOKEN_SLACK_MS = 60_000;

/** Source: YARN's activation delay, 1.5 times yarn.nm.liveness-monitor.expiry-interval-ms. */
function keyTimes({ nmExpiryMs }: RmSettings, { rollEveryMs }: RmSecurity): { container: KeyTimes; nm: KeyTimes } {
  const activationMs = Math.ceil(nmExpiryMs * 1.5);
  return { container: { rollEveryMs: rollEveryMs.container, activationMs }, nm: { rollEveryMs: rollEveryMs.nm, activationMs } };
}

function oldestSubmission({ applications }: Cluster): number | undefined {
  let oldest: number | undefined;
  for (const { state, submittedAtMs } of applications.values())
    if (!('ending' in state) && (oldest === undefined || submittedAtMs < oldest)) oldest = submittedAtMs;
  return oldest;
}

export type RunningRm = {
  readonly addresses: readonly Address[];
  readonly loop: EventLoop;
  /** May he? For the web app, which asks as the door does. */
  readonly access: Access;
  stop(): Promise<void>;
};

/** @throws AppError SOCKET_IN_USE, SOCKET_PATH_TOO_LONG, DATA_DIR_UNUSABLE */
export async function runResourceManager(parts: RmParts, options: RmOptions): Promise<RunningRm> {
  const { clock, timers, logger, transport } = parts;
  let accept: (stream: Duplex) => void = (stream) => stream.destroy();
  const listeners: Listener[] = [];
  const closeAll = () => Promise.all(listeners.map((l) => l.close()));
  try {
    for (const address of options.addresses) listeners.push(await transport.listen(address, (stream) => accept(stream), options.bindHost));
    const store = new RmStore(parts.openDatabase());
    const found = store.begin(clock.nowMs(), parts.newKey);
    const core = new RmCore(options.settings, found, options.queues, clock.nowMs(), options.policies);
    const security = options.security ?? OPEN;
    core.cluster.rights = security.policy;
    const access = new Access({ cluster: core.cluster, ...security });
    const connections = new Connections();
    const keys = new MasterKeys(
      {
        store,
        clock,
        logger,
        newKey: parts.newKey,
        ...keyTimes(options.settings, security),
        tokensLiveMs: options.settings.grantExpiryMs + TOKEN_SLACK_MS,
        oldestApplicationMs: () => oldestSubmission(core.cluster),
      },
      { container: found.containerKeys, nm: found.nmKeys },
    );
    const ended = (id: ApplicationId) => {
      parts.removeStaging?.(id);
      const application = core.cluster.applications.get(id);
      if (application !== undefined) noteEnd(access, application);
    };
    const loop = new EventLoop({
      core,
      clock,
      timers,
      onFatal: options.onFatal,
      save: (effects) => store.save(effects),
      tell: (effects) => runTells(effects, { cluster: core.cluster, connections, signer: keys, logger, removeStaging: ended }),
    });
    const live = found.applications.filter((a) => a.finishedAtMs === 0).length;
    logger.info(`Epoch ${found.epoch}; recovered ${found.applications.length} applications, ${live} of them live`);
    accept = acceptor({ options, security, access, loop, connections, logger, keys });
    // It may have been killed between the commit of an end and what follows from it.
    for (const { id, finishedAtMs } of found.applications) if (finishedAtMs !== 0) parts.removeStaging?.(id);
    loop.start();
    const stopLooking = timers.every(KEY_LOOK_MS, () => keys.look());
    return {
      addresses: listeners.map((l) => l.address),
      loop,
      access,
      stop: async () => {
        accept = (stream) => stream.destroy();
        loop.stop();
        stopLooking();
        await closeAll();
        store.close();
      },
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

type Accepting = {
  options: RmOptions;
  security: RmSecurity;
  access: Access;
  loop: EventLoop;
  connections: Connections;
  logger: Logger;
  keys: MasterKeys;
};

/** Who proves what: docs/RPC.md. Each kind of peer gets its own messages only. */
function acceptor({ options, security, access, loop, connections, logger, keys }: Accepting): (stream: Duplex) => void {
  const { applications } = loop.core.cluster;
  const gate = new ConnectionGate(security.limits);
  let refused = 0;
  const secretOf = (id: string): string | undefined => {
    if (id.startsWith('client:') || id.startsWith('nm:')) return options.secret;
    if (id.startsWith('user:')) {
      const user = id.slice('user:'.length);
      const generation = security.generationOf(user);
      return generation === undefined ? undefined : userSecret(options.secret, user, generation);
    }
    const attempt = id.slice('am:'.length);
    if (id.startsWith('am:') && isAttemptId(attempt)) return applications.get(applicationOfAttempt(attempt))?.secret;
    return undefined;
  };
  // Strangers, garbage and floods must not fill the log: each power of two is one line.
  const count = (why: string) => {
    refused++;
    if ((refused & (refused - 1)) === 0) logger.warn(`${refused} connection${refused === 1 ? ' was' : 's were'} refused: ${why}`);
  };
  const begin = (stream: Duplex, channel: Channel, id: string) => {
    const peer = new Peer(channel, id);
    const name = id.slice(id.indexOf(':') + 1);
    const within = gate.proven(stream, id);
    if (id.startsWith('nm:')) serveNode(peer, name as NodeId, { loop, connections, logger, keys });
    else if (id.startsWith('am:')) serveDriver(peer, name as never, { loop, connections, logger, keys, access });
    else if (!within) serveNobody(peer, security.limits.maxPerIdentity);
    else {
      const who: Who = { user: name, real: name, trusted: id.startsWith('client:'), ip: hostOf(stream) };
      const { version, dataDir, readQueues, httpAddress } = options;
      serveClient(peer, { loop, connections, logger, version, dataDir, readQueues, httpAddress, access, who });
    }
  };
  return (stream) => {
    if (!gate.enter(stream)) return count('there are too many (emberloom.connections.max, emberloom.connections.max-unproven)');
    acceptChannel(
      stream,
      'a peer',
      secretOf,
      (channel, id) => begin(stream, channel, id),
      () => count('no proof of identity'),
    );
  };
}
