// The active one among several ResourceManagers: all are asked at once, the first that proves itself wins. A standby says at once what it
// is; one that was stopped says nothing, and is not waited for longer than the others have answered. A list: common/rm-addresses.ts.
import { AppError } from '../common/errors.ts';
import { ADDRESS_SEPARATOR } from '../common/rm-addresses.ts';
import type { Channel } from './channel.ts';
import type { Address } from './transport.ts';

/** How long the others are waited for when at least one has said that it is not the active one. */
const SILENT_MS = 400;
/** Of several ResourceManagers one may have been stopped, and its connections stay: who gets no answer for so long looks for another one. */
export const SILENT_RM_MS = 2_000;

export const isList = (address: Address): boolean => address.includes(ADDRESS_SEPARATOR);

/**
 * @throws AppError AUTH_REFUSED when one of them refused the proof and none took it; CONNECT_FAILED with each one's detail (or with the
 * one detail that all have: nobody listens at any of them)
 */
export function connectAny(addresses: readonly Address[], connect: (address: Address) => Promise<Channel>, peer: string): Promise<Channel> {
  return new Promise((resolve, reject) => {
    const said = new Map<Address, unknown>();
    let over = false;
    let timer: NodeJS.Timeout | undefined;
    const fail = () => {
      over = true;
      clearTimeout(timer);
      reject(noneOf(addresses, said, peer));
    };
    for (const address of addresses)
      connect(address).then(
        (channel) => {
          if (over) return channel.destroy('another one was quicker');
          over = true;
          clearTimeout(timer);
          resolve(channel);
        },
        (error: unknown) => {
          if (over) return;
          said.set(address, error);
          if (said.size === addresses.length) fail();
          else timer ??= setTimeout(fail, SILENT_MS);
        },
      );
  });
}

function noneOf(addresses: readonly Address[], said: ReadonlyMap<Address, unknown>, peer: string): unknown {
  const errors = [...said.values()];
  const refused = errors.find((e) => !(e instanceof AppError) || e.code !== 'CONNECT_FAILED');
  if (refused !== undefined) return refused;
  const details = addresses.map((a) =>
    said.has(a) ? (said.get(a) as AppError<'CONNECT_FAILED'>).params.detail : `said nothing in ${SILENT_MS} ms`,
  );
  const detail = new Set(details).size === 1 ? details[0]! : addresses.map((a, i) => `${a}: ${details[i]}`).join('; ');
  return new AppError('CONNECT_FAILED', { peer, address: addresses.join(ADDRESS_SEPARATOR), detail });
}
