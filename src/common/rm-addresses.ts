// Where the ResourceManagers of a cluster are for who connects: one, or with yarn.resourcemanager.ha.enabled one per name. An address in
// settings and messages may be such a list, separated by commas; who connects finds the active one in it (rpc/connect-any.ts).
import { farPartOf, type NetPlace } from './address.ts';
import { asAddress, rmAddressOf } from './cluster-addresses.ts';
import { KEYS } from './config-keys.ts';
import { AppError } from './errors.ts';
import type { Settings } from './settings.ts';

export const ADDRESS_SEPARATOR = ',';

/** The ids of the settings. Empty: this cluster has one ResourceManager, without a name. @throws AppError CONFIG_BAD_VALUE */
export function rmIdsOf(settings: Settings): readonly string[] {
  if (!settings.need(KEYS.haEnabled)) return [];
  const ids = settings.need(KEYS.haRmIds);
  const fault =
    ids.find((id) => !/^[A-Za-z0-9][A-Za-z0-9_-]{0,15}$/.test(id)) ?? (new Set(ids).size < ids.length ? ids.join(',') : undefined);
  if (fault !== undefined || ids.length === 0)
    throw new AppError('CONFIG_BAD_VALUE', {
      key: KEYS.haRmIds.name,
      value: fault ?? '',
      expected: 'different names of up to 16 letters, digits, _ and -',
      where: 'settings',
    });
  return ids;
}

/** What the settings say of the one of that name (undefined: of the only one); undefined: its socket in the data folder. */
export function saidOfRm(settings: Settings, id: string | undefined): string | undefined {
  if (id === undefined) return rmAddressOf(settings);
  const said = settings.getFor(KEYS.haRmAddress, id);
  return said === undefined ? undefined : asAddress(said);
}

export const rmSocket = (dataDir: string, id: string | undefined): string => `${dataDir}/run/${id === undefined ? 'rm' : `rm-${id}`}.sock`;

/** For who connects: all of them, as one text. */
export function rmAddressesOf(settings: Settings, dataDir: string): string {
  const ids = rmIdsOf(settings);
  return (ids.length === 0 ? [undefined] : ids)
    .map((id) => saidOfRm(settings, id) ?? `unix:${rmSocket(dataDir, id)}`)
    .join(ADDRESS_SEPARATOR);
}

/** How other hosts reach the ResourceManager, or the first of several; undefined: none do. */
export const farRmOf = (addresses: string): NetPlace | undefined =>
  addresses.split(ADDRESS_SEPARATOR).flatMap((address) => farPartOf(address) ?? [])[0];
