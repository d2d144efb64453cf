// Mutual proof of a shared secret over a Channel, before any other frame is taken: HMAC-SHA256 challenge and response in
// binary frames of fixed layout, so nothing that a stranger sends is ever decoded as a message.
//
//   server → HI    u8 1 | u8 version | n1[16]
//   client → AUTH  u8 2 | n2[16] | mac[32] | id (utf8)      mac = HMAC(secret, 'c' | id | n1 | n2 | tls)
//   server → OK    u8 3 | mac[32]                           mac = HMAC(secret, 's' | id | n1 | n2 | tls)
//   server → NO    u8 4                                     to an AUTH that proves nothing; to anything else not a word
//   server → SB    u8 5                                     to an AUTH: I stand by, another one is active. It proves nothing, and costs who
//                                                           believes it no more than a connection that is closed
//
// `tls` is keying material of the TLS session that the frames go through (RFC 9266), and nothing where there is none: whoever stands in between
// has a session with each side, so what one side proves is worth nothing to the other. No certificate need be trusted for that.
//
// Only NO, or a server that can't prove itself, is a refusal. A connection that ends before, or a server that says nothing, is one
// that died or stands still: who takes that for a refusal gives up a job because the ResourceManager was restarted.
// The secret never crosses the wire; role and id are inside the MAC, so no answer can be reflected or moved.
// Which secret belongs to an id is the server's business: the cluster's for daemons and clients, the application's for executors.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { AppError } from '../common/errors.ts';
import { type Channel, MAX_FRAME_BYTES, MAX_UNPROVEN_FRAME_BYTES } from './channel.ts';

const PROTOCOL_VERSION = 1;
const [HI, AUTH, OK, NO, STANDBY] = [1, 2, 3, 4, 5];
/** In CONNECT_FAILED, of a ResourceManager that is not the active one. */
export const IS_STANDBY = 'it stands by, another ResourceManager is active';
const NONCE = 16;
const MAC = 32;
const MAX_ID_BYTES = 256;
const LIMIT_MS = 5_000;

type Nonces = { readonly n1: Uint8Array; readonly n2: Uint8Array; readonly tls: Uint8Array };
const mac = (secret: string, role: 'c' | 's', id: string, { n1, n2, tls }: Nonces): Buffer =>
  createHmac('sha256', secret).update(`${role}|${id.length}|${id}|`).update(n1).update(n2).update(tls).digest();

type Exporter = { exportKeyingMaterial(length: number, label: string, context: Buffer): Buffer };
/** Source: RFC 9266, tls-exporter. */
function boundTo({ stream }: Channel): Uint8Array {
  if (!('exportKeyingMaterial' in stream)) return new Uint8Array();
  try {
    return (stream as unknown as Exporter).exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0));
  } catch {
    return randomBytes(32); // the session has ended already, as the stream is about to say: nothing can be proved over it
  }
}

export type SecretOf = (id: string) => string | readonly string[] | undefined;

/**
 * The accepting side. Resolves with the id that the peer proved; the channel is destroyed and the promise rejects otherwise.
 * @param secretOf the secret that `id` must know (or several, while keys rotate), undefined when nobody of that id is expected
 * @throws AppError AUTH_REFUSED
 */
export function acceptProof(
  channel: Channel,
  peer: string,
  secretOf: SecretOf,
  isStandby: (id: string) => boolean = () => false,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const n1 = randomBytes(NONCE);
    const refuse = begin(channel, peer, reject);
    const tls = boundTo(channel);
    channel.onBinary = (frame) => {
      const idBytes = frame.length - 1 - NONCE - MAC;
      if (frame[0] !== AUTH || idBytes < 1 || idBytes > MAX_ID_BYTES) return refuse();
      const n2 = Buffer.from(frame.subarray(1, 1 + NONCE));
      const id = frame.toString('utf8', 1 + NONCE + MAC);
      const turnAway = (word: number) => {
        channel.onBinary = () => {};
        channel.sendBinary(Buffer.of(word));
        channel.stream.once('finish', () => refuse());
        channel.close();
      };
      if (isStandby(id)) return turnAway(STANDBY!);
      const known = [secretOf(id) ?? []].flat();
      const secret = known.find((s) => timingSafeEqual(frame.subarray(1 + NONCE, 1 + NONCE + MAC), mac(s, 'c', id, { n1, n2, tls })));
      if (secret === undefined) return turnAway(NO!);
      proven(channel, refuse.timer);
      channel.provenWith = secret;
      channel.sendBinary(Buffer.concat([Buffer.of(OK!), mac(secret, 's', id, { n1, n2, tls })]));
      resolve(id);
    };
    channel.sendBinary(Buffer.concat([Buffer.of(HI!, PROTOCOL_VERSION), n1]));
  });
}

/** The connecting side: proves `id` and checks that the server knows the secret too. @throws AppError AUTH_REFUSED, CONNECT_FAILED */
export function offerProof(channel: Channel, peer: string, id: string, secret: string, address = ''): Promise<void> {
  return new Promise((resolve, reject) => {
    const n2 = randomBytes(NONCE);
    let n1: Buffer | undefined;
    const tls = boundTo(channel);
    const refuse = begin(channel, peer, reject, (detail) => new AppError('CONNECT_FAILED', { peer, address, detail }));
    channel.onBinary = (frame) => {
      if (frame[0] === HI && frame[1] === PROTOCOL_VERSION && frame.length === 2 + NONCE && n1 === undefined) {
        n1 = Buffer.from(frame.subarray(2));
        channel.sendBinary(Buffer.concat([Buffer.of(AUTH!), n2, mac(secret, 'c', id, { n1, n2, tls }), Buffer.from(id)]));
      } else if (
        frame[0] === OK &&
        n1 !== undefined &&
        frame.length === 1 + MAC &&
        timingSafeEqual(frame.subarray(1), mac(secret, 's', id, { n1, n2, tls }))
      ) {
        proven(channel, refuse.timer);
        channel.holdForATurn();
        resolve();
      } else if (frame[0] === STANDBY && frame.length === 1 && n1 !== undefined) {
        refuse(new AppError('CONNECT_FAILED', { peer, address, detail: IS_STANDBY }) as AppError);
      } else refuse();
    };
  });
}

type Refuse = { (error?: AppError | undefined): void; timer: NodeJS.Timeout };

/** @param gone what it is when the other side ends or says nothing; without it that too is a refusal */
function begin(channel: Channel, peer: string, reject: (error: Error) => void, gone?: (detail: string) => AppError): Refuse {
  const refuse: Refuse = Object.assign(
    (error: AppError = new AppError('AUTH_REFUSED', { peer }) as AppError) => {
      clearTimeout(refuse.timer);
      reject(error);
      channel.destroy('no proof of identity');
    },
    { timer: setTimeout(() => refuse(gone?.(`it said nothing in ${LIMIT_MS} ms`)), LIMIT_MS) },
  );
  channel.maxFrameBytes = MAX_UNPROVEN_FRAME_BYTES;
  channel.binaryOnly = true;
  channel.onClose = (reason) => refuse(gone?.(reason));
  return refuse;
}

function proven(channel: Channel, timer: NodeJS.Timeout): void {
  clearTimeout(timer);
  channel.maxFrameBytes = MAX_FRAME_BYTES;
  channel.binaryOnly = false;
  channel.onBinary = () => {};
  channel.onClose = () => {};
}
