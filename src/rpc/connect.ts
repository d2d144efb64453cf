// Connect or accept, prove identity both ways, and have a Peer: the way every connection of this system begins.
import type { Duplex } from 'node:stream';
import { acceptProof, offerProof, type SecretOf } from './auth.ts';
import { Channel } from './channel.ts';
import { Peer } from './peer.ts';
import type { Address, Transport } from './transport.ts';

export type Identity = { readonly id: string; readonly secret: string };

/** @throws AppError CONNECT_FAILED, AUTH_REFUSED */
export async function connectChannel(transport: Transport, address: Address, peer: string, me: Identity): Promise<Channel> {
  const channel = new Channel(await transport.connect(address));
  await offerProof(channel, peer, me.id, me.secret, address);
  return channel;
}

/** @throws AppError CONNECT_FAILED, AUTH_REFUSED */
export async function connectPeer(transport: Transport, address: Address, peer: string, me: Identity): Promise<Peer> {
  return new Peer(await connectChannel(transport, address, peer, me), peer);
}

/**
 * For a listener: proves the stream and hands the channel on, with the id that the peer proved. A peer without proof is dropped.
 * @param onRefused for the log; garbage and strangers must not fill it, so callers count rather than print each
 */
export function acceptChannel(
  stream: Duplex,
  me: string,
  secretOf: SecretOf,
  onProven: (channel: Channel, id: string) => void,
  onRefused: () => void = () => {},
): void {
  const channel = new Channel(stream);
  acceptProof(channel, me, secretOf).then((id) => onProven(channel, id), onRefused);
}
