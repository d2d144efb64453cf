// The ResourceManager put together on given adapters: store → core → loop → services → listener. main.ts chooses the adapters;
// tests choose others.
import type { Duplex } from 'node:stream';
import { type ApplicationId, applicationOfAttempt, isAttemptId, type NodeId } from '../../common/ids.ts';
import type { Clock, Database, Logger, Timers } from '../../common/ports.ts';
import { acceptChannel } from '../../rpc/connect.ts';
import { Peer } from '../../rpc/peer.ts';
import type { Address, Listener, Transport } from '../../rpc/transport.ts';
import type { RmSettings } from '../core/records.ts';
import { RmCore } from '../core/rm-core.ts';
import type { QueuePolicies, QueuesRead } from '../core/queue-policies.ts';
import type { QueueConfig } from '../core/scheduler/queue-config.ts';
import { RmStore } from '../store/rm-store.ts';
import { serveClient } from './client-service.ts';
import { Connections } from './connections.ts';
import { serveDriver } from './driver-service.ts';
import { EventLoop } from './event-loop.ts';
import { serveNode } from './node-service.ts';
import { runTells } from './run-effects.ts';
import { TokenSigner } from './token-signer.ts';

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
  readonly queues: QueueConfig;
  readonly policies?: QueuePolicies;
  readonly readQueues: () => Promise<QueuesRead>;
  /** Of a user, the primary group first; for placement rules. Default: none. */
  readonly groupsOf?: (user: string) => Promise<readonly string[]>;
  /** A defect of ours or a store that failed: end the process, the state is what was committed. */
  readonly onFatal: (error: Error) => void;
};
export type RunningRm = { readonly addresses: readonly Address[]; readonly loop: EventLoop; stop(): Promise<void> };

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
    const connections = new Connections();
    const signer = new TokenSigner(found.containerKeys.at(-1)!);
    const loop = new EventLoop({
      core,
      clock,
      timers,
      onFatal: options.onFatal,
      save: (effects) => store.save(effects),
      tell: (effects) => runTells(effects, { cluster: core.cluster, connections, signer, logger, removeStaging: parts.removeStaging }),
    });
    const live = found.applications.filter((a) => a.finishedAtMs === 0).length;
    logger.info(`Epoch ${found.epoch}; recovered ${found.applications.length} applications, ${live} of them live`);
    accept = acceptor({ options, loop, connections, logger, containerKeys: found.containerKeys, nmKeys: found.nmKeys });
    // It may have been killed between the commit of an end and what follows from it.
    for (const { id, finishedAtMs } of found.applications) if (finishedAtMs !== 0) parts.removeStaging?.(id);
    loop.start();
    return {
      addresses: listeners.map((l) => l.address),
      loop,
      stop: async () => {
        accept = (stream) => stream.destroy();
        loop.stop();
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
  loop: EventLoop;
  connections: Connections;
  logger: Logger;
  containerKeys: Parameters<typeof serveNode>[2]['containerKeys'];
  nmKeys: Parameters<typeof serveNode>[2]['nmKeys'];
};

/** Who proves what: docs/RPC.md. Each kind of peer gets its own messages only. */
function acceptor({ options, loop, connections, logger, containerKeys, nmKeys }: Accepting): (stream: Duplex) => void {
  const { applications } = loop.core.cluster;
  let refused = 0;
  const secretOf = (id: string): string | undefined => {
    if (id.startsWith('client:') || id.startsWith('nm:')) return options.secret;
    const attempt = id.slice('am:'.length);
    if (id.startsWith('am:') && isAttemptId(attempt)) return applications.get(applicationOfAttempt(attempt))?.secret;
    return undefined;
  };
  return (stream) =>
    acceptChannel(
      stream,
      'a peer',
      secretOf,
      (channel, id) => {
        const peer = new Peer(channel, id);
        if (id.startsWith('nm:')) serveNode(peer, id.slice('nm:'.length) as NodeId, { loop, connections, logger, containerKeys, nmKeys });
        else if (id.startsWith('client:'))
          serveClient(peer, {
            loop,
            connections,
            logger,
            version: options.version,
            dataDir: options.dataDir,
            readQueues: options.readQueues,
            groupsOf: options.groupsOf ?? (async () => []),
          });
        else serveDriver(peer, id.slice('am:'.length) as never, { loop, connections, logger, nmKey: nmKeys.at(-1)! });
      },
      () => {
        // Strangers and garbage must not fill the log: each power of two is one line.
        refused++;
        if ((refused & (refused - 1)) === 0)
          logger.warn(`${refused} connection${refused === 1 ? ' was' : 's were'} refused: no proof of identity`);
      },
    );
}
