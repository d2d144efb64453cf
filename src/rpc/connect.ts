// Connect or accept, prove identity both ways, and have a Peer: the way every connection of this system begins.
import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../common/errors.ts';
import { ADDRESS_SEPARATOR } from '../common/rm-addresses.ts';
import { acceptProof, offerProof, type SecretOf } from './auth.ts';
import { Channel } from './channel.ts';
import { connectAny, isList } from './connect-any.ts';
import { Peer } from './peer.ts';
import type { Address, Transport } from './transport.ts';

export type Identity = { readonly id: string; readonly secret: string };

/** @param address may be a list of which one is active, see connect-any.ts. @throws AppError CONNECT_FAILED, AUTH_REFUSED */
export function connectChannel(transport: Transport, address: Address, peer: string, me: Identity): Promise<Channel> {
  if (!isList(address)) return connectTo(transport, address, peer, me);
  return connectAny(address.split(ADDRESS_SEPARATOR), (one) => connectTo(transport, one, peer, me), peer);
}

async function connectTo(transport: Transport, address: Address, peer: string, me: Identity): Promise<Channel> {
  const channel = new Channel(await transport.connect(address));
  await offerProof(channel, peer, me.id, me.secret, address);
  return channel;
}

/** @throws AppError CONNECT_FAILED, AUTH_REFUSED */
export async function connectPeer(transport: Transport, address: Address, peer: string, me: Identity): Promise<Peer> {
  return new Peer(await connectChannel(transport, address, peer, me), peer);
}

/** How long one tries to reach who should be there, ms: a network that flaps is back by then. */
const REACH_MS = 15_000;
const AGAIN_MS = 200;
/** Nobody listens at the address: who did is gone, or was never there. */
const NOBODY: readonly unknown[] = ['ENOENT', 'ECONNREFUSED'];

export const nobodyListens = (error: AppError): boolean =>
  error.code === 'CONNECT_FAILED' && NOBODY.includes((error.params as { detail?: unknown }).detail);

/** It was there. */
const isBroken = (error: unknown): boolean =>
  error instanceof AppError && (error.code === 'CONNECTION_LOST' || error.code === 'RPC_TIMEOUT');

/** Whether the way to the other side failed, rather than its end: a moment later it may be open. */
const mayComeBack = (error: unknown): boolean =>
  isBroken(error) || (error instanceof AppError && error.code === 'CONNECT_FAILED' && !nobodyListens(error));

/** Who is there again after a restart: a ResourceManager. */
const isAway = (error: unknown): boolean =>
  error instanceof AppError && (error.code === 'CONNECT_FAILED' || error.code === 'RM_UNREACHABLE');

/**
 * Connects, and calls what is safe to repeat, again and again while the connection breaks on the way or stands still. Who is not there, or refuses, is said at once.
 * Source: CoarseGrainedExecutorBackend.run, which asks for the driver several times.
 * @param restarts nobody listening there is waited for, too; `onceSeen`: after somebody did and the connection broke
 * @throws what the last attempt threw
 */
export async function untilReached<T>(
  attempt: () => Promise<T>,
  {
    reachMs = REACH_MS,
    againMs = AGAIN_MS,
    restarts = false,
  }: { readonly reachMs?: number; readonly againMs?: number; readonly restarts?: boolean | 'onceSeen' } = {},
): Promise<T> {
  let waits = restarts === true;
  const until = performance.now() + reachMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      waits ||= restarts === 'onceSeen' && isBroken(error);
      if (!(mayComeBack(error) || (waits && isAway(error))) || performance.now() >= until) throw error;
      await pause(againMs);
    }
  }
}

/**
 * For a listener: proves the stream and hands the channel on, with the id that the peer proved. A peer without proof is dropped.
 * @param onRefused for the log; garbage and strangers must not fill it, so callers count rather than print each
 * @param isStandby whether who calls himself so is to be told that another one is active
 */
export function acceptChannel(
  stream: Duplex,
  me: string,
  secretOf: SecretOf,
  onProven: (channel: Channel, id: string) => void,
  onRefused: () => void = () => {},
  isStandby: (id: string) => boolean = () => false,
): void {
  const channel = new Channel(stream);
  acceptProof(channel, me, secretOf, isStandby).then((id) => onProven(channel, id), onRefused);
}
