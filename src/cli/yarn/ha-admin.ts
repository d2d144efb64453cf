// yarn rmadmin about several ResourceManagers: each is asked by itself, whether it is the active one or stands by. Words and exit codes are
// those of Hadoop's HAAdmin.
import { AppError } from '../../common/errors.ts';
import { rmIdsOf, rmSocket, saidOfRm } from '../../common/rm-addresses.ts';
import { clientIdentity } from '../../platform/client-identity.ts';
import type { Cluster } from '../../platform/find-cluster.ts';
import { NetTransport } from '../../platform/net-transport.ts';
import { connectPeer } from '../../rpc/connect.ts';
import { haState, haTransition } from '../../rpc/messages/ha.ts';
import type { Peer } from '../../rpc/peer.ts';
import type { YarnIo } from './command.ts';
import type { ParsedOptions, YarnOptions } from './options.ts';

export const HA_OPTIONS: YarnOptions = {
  getServiceState: { takes: 'one', value: 'serviceId', help: 'Returns the state of the service: active or standby.' },
  getAllServiceState: { takes: 'none', help: 'Returns the state of all the services.' },
  checkHealth: { takes: 'one', value: 'serviceId', help: 'Exit code 0 when the service is well, else what is wrong with it.' },
  transitionToActive: { takes: 'one', value: 'serviceId', help: 'Transitions the service into Active state.' },
  transitionToStandby: { takes: 'one', value: 'serviceId', help: 'Transitions the service into Standby state.' },
  failover: {
    takes: 'list',
    value: 'serviceId serviceId',
    help: 'Fails over from the first service, which is active, to the second, at once.',
  },
};

type Io = Pick<YarnIo, 'cluster' | 'user' | 'out' | 'err'>;

/** @returns undefined when none of these was asked for */
export async function haAdmin(options: ParsedOptions, io: Io): Promise<number | undefined> {
  if (options.has('getAllServiceState')) return await allStates(io);
  if (options.has('failover')) return await failover(options.all('failover'), io);
  for (const [option, act] of Object.entries(ONE)) {
    if (!options.has(option)) continue;
    const id = options.one(option)!;
    return isKnown(id, io) ? await withRm(id, io, (rm) => act(rm, io)) : 255;
  }
  return undefined;
}

function isKnown(id: string, io: Io): boolean {
  const ids = idsOf(io.cluster);
  if (ids.includes(id)) return true;
  io.err(`Illegal argument: Unable to determine service address for service '${id}'; there are ${ids.join(', ')}\n`);
  return false;
}

/** Who is to take over is asked first, so that nobody gives up the lease for one that is not there. Source: FailoverController. */
async function failover(said: readonly string[], io: Io): Promise<number> {
  const [from, to] = said;
  if (from === undefined || to === undefined || said.length > 2 || from === to) {
    io.err('failover: incorrect arguments\nUsage: rmadmin -failover <serviceId> <serviceId>\n');
    return 255;
  }
  if (!isKnown(from, io) || !isKnown(to, io)) return 255;
  return await withRm(to, io, (next) =>
    withRm(from, io, async (now) => {
      const [before, after] = [await now.call(haState, {}), await next.call(haState, {})];
      if (before.state !== 'active' || after.fault !== undefined) {
        const why = before.state === 'active' ? `${to} is not well: ${after.fault}` : `${from} is ${before.state}, not active`;
        io.err(`Failover failed: ${why}\n`);
        return 255;
      }
      await now.call(haTransition, { to: 'standby' });
      await next.call(haTransition, { to: 'active' });
      io.out(`Failover from ${from} to ${to} successful\n`);
      return 0;
    }),
  );
}

const ONE: Readonly<Record<string, (rm: Peer, io: Io) => Promise<number>>> = {
  getServiceState: async (rm, { out }) => {
    out(`${(await rm.call(haState, {})).state}\n`);
    return 0;
  },
  checkHealth: async (rm, { err }) => {
    const { fault, id } = await rm.call(haState, {});
    if (fault !== undefined) err(`Health check failed: ${id}: ${fault}\n`);
    return fault === undefined ? 0 : 255;
  },
  transitionToActive: async (rm) => {
    await rm.call(haTransition, { to: 'active' });
    return 0;
  },
  transitionToStandby: async (rm) => {
    await rm.call(haTransition, { to: 'standby' });
    return 0;
  },
};

/** @throws AppError CONFIG_REFUSED when there is only one */
function idsOf({ settings }: Cluster): readonly string[] {
  const ids = rmIdsOf(settings);
  if (ids.length === 0)
    throw new AppError('CONFIG_REFUSED', {
      reason: 'there is one ResourceManager: yarn.resourcemanager.ha.enabled is false',
      see: 'bin/status-all.sh says whether it runs; docs/OPERATING.md, "Two ResourceManagers", how to have a standby.',
    });
  return ids;
}

/** As HAAdmin: one line each, of those that can't be reached, too. */
async function allStates(io: Io): Promise<number> {
  let code = 0;
  for (const id of idsOf(io.cluster)) {
    const address = addressOf(io.cluster, id);
    try {
      const { state } = await withRm(id, io, (rm) => rm.call(haState, {}));
      io.out(`${address.padEnd(50)} ${state.padEnd(10)}\n`);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      io.out(`${address.padEnd(50)} ${`Failed to connect: ${error.message}`.padEnd(10)}\n`);
      code = 255;
    }
  }
  return code;
}

const addressOf = ({ settings, dataDir }: Cluster, id: string): string => saidOfRm(settings, id) ?? `unix:${rmSocket(dataDir, id)}`;

async function withRm<T>(id: string, { cluster, user }: Io, act: (rm: Peer) => Promise<T>): Promise<T> {
  const address = addressOf(cluster, id);
  // A user's own secret would not be taken: this is for who runs the cluster.
  const { id: proved, secret } = clientIdentity(cluster.secretFile, address, user);
  if (!proved.startsWith('client:')) throw new AppError('AUTH_REFUSED', { peer: id });
  const rm = await connectPeer(new NetTransport({ tls: cluster.tls }), address, id, { id: `admin:${user}`, secret });
  try {
    return await act(rm);
  } finally {
    rm.close();
  }
}
