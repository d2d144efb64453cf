// Addresses as text, and what is in them. A place that is reached by a Unix socket on its own host and by TLS from others has both in
// one address, `either:<host>|unix:/path|tls:host:port`: whoever connects takes the socket when it is on that host (platform/net-transport.ts).
import { AppError } from './errors.ts';

/** Text; rpc/transport.ts has the forms. */
type Address = string;

export type UnixPlace = { readonly kind: 'unix'; readonly path: string };
export type NetPlace = { readonly kind: 'tcp' | 'tls'; readonly host: string; readonly port: number };
export type EitherPlace = { readonly kind: 'either'; readonly host: string; readonly near: UnixPlace; readonly far: NetPlace };
export type Place = UnixPlace | NetPlace | EitherPlace;

/** @throws AppError CONNECT_FAILED: it is no address */
export function parseAddress(address: Address): Place {
  if (address.startsWith('/')) return { kind: 'unix', path: address };
  const [kind, ...rest] = address.split(':');
  const tail = rest.join(':');
  if (kind === 'unix') return { kind, path: tail };
  const bad = () =>
    new AppError('CONNECT_FAILED', { peer: 'a peer', address, detail: 'not an address: unix:/path, tcp:host:port or tls:host:port' });
  if (kind === 'either') {
    const [host, near, far] = tail.split('|');
    if (!host || !near?.startsWith('unix:/') || !/^t(cp|ls):/.test(far ?? '')) throw bad();
    return { kind, host, near: parseAddress(near) as UnixPlace, far: parseAddress(far!) as NetPlace };
  }
  const { host, port } = hostAndPort(tail) ?? {};
  if ((kind !== 'tcp' && kind !== 'tls') || host === undefined || port === undefined) throw bad();
  return { kind, host, port };
}

/** `host:port`, `[::1]:port`; the host without its brackets. */
export function hostAndPort(text: string): { host: string; port: number } | undefined {
  const [, bracketed, plain, port] = /^(?:\[([0-9A-Fa-f:.%\w]+)\]|([^:|[\]\s]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  return host === undefined || Number(port) > 65535 ? undefined : { host, port: Number(port) };
}

export const tlsAddress = (host: string, port: number): Address => `tls:${host.includes(':') ? `[${host}]` : host}:${port}`;

export const netAddress = ({ kind, host, port }: NetPlace): Address => tlsAddress(host, port).replace(/^tls/, kind);

export const eitherAddress = (host: string, near: Address, far: Address): Address =>
  `either:${host}|${near.startsWith('/') ? `unix:${near}` : near}|${far}`;

/** The file of its Unix socket, where it has one. */
export function socketPathOf(address: Address): string | undefined {
  if (address.startsWith('either:')) return /\|unix:([^|]*)\|/.exec(address)?.[1];
  return address.startsWith('unix:') ? address.slice('unix:'.length) : undefined;
}

/** Where other hosts reach it; undefined when none do. */
export function farPartOf(address: Address): NetPlace | undefined {
  const place = parseAddress(address);
  if (place.kind === 'either') return place.far;
  return place.kind === 'unix' ? undefined : place;
}

/** undefined: it has none, a Unix socket. */
export const portOf = (address: Address): number | undefined => (address === '' ? undefined : farPartOf(address)?.port);
