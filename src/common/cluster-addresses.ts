// Where daemons are, by their settings: YARN's `host:port` and hostname forms, and ours. Who listens and who connects read them the same way.
import { KEYS } from './config-keys.ts';
import { AppError } from './errors.ts';
import { hostAndPort, tlsAddress } from './address.ts';
import type { Settings } from './settings.ts';

/** Source: YarnConfiguration.DEFAULT_RM_PORT. */
const RM_PORT = 8032;
const LOOPBACK = /^tcp:(127\.\d+\.\d+\.\d+|localhost|\[?::1\]?):\d+$/;

/** YARN's `host:port` means TLS to that host; other texts stay as they are. */
export const asAddress = (said: string): string => (hostAndPort(said) === undefined ? said : `tls:${said}`);

/** The ResourceManager's address by the settings; undefined: the socket in the data folder. */
export function rmAddressOf(settings: Settings): string | undefined {
  const said = settings.get(KEYS.rmAddress);
  if (said !== undefined) return asAddress(said);
  const host = settings.get(KEYS.rmHostname);
  return host === undefined ? undefined : tlsAddress(host, RM_PORT);
}

/** The NodeManager's, in the same way. */
export function nmAddressOf(settings: Settings): string | undefined {
  const said = settings.get(KEYS.nmAddress);
  return said === undefined ? undefined : asAddress(said);
}

/** What a daemon may listen on. @throws AppError CONFIG_BAD_VALUE: what crosses the network must be TLS */
export function checkListenAddress(address: string, key: string): void {
  const isTls = address.startsWith('tls:') && hostAndPort(address.slice('tls:'.length)) !== undefined;
  if (isTls || /^(\/|unix:\/)/.test(address) || LOOPBACK.test(address)) return;
  throw new AppError('CONFIG_BAD_VALUE', {
    key,
    value: address,
    expected: 'host:port or tls:host:port, unix:/path, or tcp:host:port with a loopback address',
    where: 'settings',
  });
}
