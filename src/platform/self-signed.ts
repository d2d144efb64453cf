// A key and a certificate for TLS that a process makes for itself and throws away with itself. The certificate proves nothing, and nobody
// checks it: who is at the other end is proved by the secret, over the very TLS session (rpc/auth.ts, docs/adr/0011). So it needs no names,
// no life time, no authority, and some lines of DER instead of a package. One that browsers are shown has names: they compare
// them even with a certificate that a person has accepted. Source: RFC 5280 for the form, RFC 5480 for the key.
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';

const [INTEGER, BIT_STRING, OID, UTF8, SEQUENCE, SET, UTC_TIME, GENERALIZED_TIME, VERSION] = [2, 3, 6, 12, 0x30, 0x31, 0x17, 0x18, 0xa0];
/** 1.2.840.10045.4.3.2 */
const ECDSA_WITH_SHA256 = Uint8Array.of(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02);
/** 2.5.29.17, subjectAltName. */
const ALTERNATIVE_NAMES = Uint8Array.of(0x55, 0x1d, 0x11);
const [OCTETS, EXTENSIONS, DNS_NAME, IP_ADDRESS] = [4, 0xa3, 0x82, 0x87] as const;
/** 2.5.4.3 */
const COMMON_NAME = Uint8Array.of(0x55, 0x04, 0x03);

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const length = body.length < 128 ? [body.length] : body.length < 256 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 255];
  return Buffer.concat([Uint8Array.of(tag, ...length), body]);
}

const pem = (label: string, body: Buffer): string =>
  `-----BEGIN ${label}-----\n${body.toString('base64').replace(/(.{64})(?!$)/g, '$1\n')}\n-----END ${label}-----\n`;

/** @param names hosts and IPv4 addresses */
function alternativeNames(names: readonly string[]): Uint8Array[] {
  if (names.length === 0) return [];
  const each = names.map((name) =>
    isIPv4(name) ? der(IP_ADDRESS, Uint8Array.from(name.split('.').map(Number))) : der(DNS_NAME, Buffer.from(name, 'latin1')),
  );
  const extension = der(SEQUENCE, der(OID, ALTERNATIVE_NAMES), der(OCTETS, der(SEQUENCE, ...each)));
  return [der(EXTENSIONS, der(SEQUENCE, extension))];
}

/** @returns PEM texts; an ECDSA key on P-256. Costs about a millisecond */
export function makeSelfSigned(names: readonly string[] = []): { key: string; cert: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = der(SEQUENCE, der(OID, ECDSA_WITH_SHA256));
  const name = der(SEQUENCE, der(SET, der(SEQUENCE, der(OID, COMMON_NAME), der(UTF8, Buffer.from('emberloom')))));
  const serial = randomBytes(16);
  serial[0] = (serial[0]! & 0x7f) | 0x40; // positive, and of full length
  // A clock that is wrong must keep nobody out: RFC 5280 4.1.2.5 has this form for "no end".
  const validity = der(SEQUENCE, der(UTC_TIME, Buffer.from('700101000000Z')), der(GENERALIZED_TIME, Buffer.from('99991231235959Z')));
  const body = der(
    SEQUENCE,
    der(VERSION, der(INTEGER, Uint8Array.of(2))),
    der(INTEGER, serial),
    algorithm,
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    ...alternativeNames(names),
  );
  const signature = sign('sha256', body, { key: privateKey, dsaEncoding: 'der' });
  const cert = der(SEQUENCE, body, algorithm, der(BIT_STRING, Uint8Array.of(0), signature));
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string, cert: pem('CERTIFICATE', cert) };
}
