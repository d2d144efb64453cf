// Where a NodeManager listens, and what it tells its containers of that: always a Unix socket for its own host, and TLS for others where
// the settings say so or the ResourceManager is reached that way. main.ts asks; nothing is opened here.
import { join } from 'node:path';
import { eitherAddress, farPartOf, tlsAddress } from '../../common/address.ts';
import { checkListenAddress, nmAddressOf } from '../../common/cluster-addresses.ts';
import { farRmOf, rmAddressesOf } from '../../common/rm-addresses.ts';
import { KEYS } from '../../common/config-keys.ts';
import { AppError } from '../../common/errors.ts';
import type { Settings } from '../../common/settings.ts';

/** bindHost: interface for TLS, default: the one that `address` names. reachEnv: what containers are told, so that other hosts reach them, too. */
export type Reached = {
  readonly rmAddress: string;
  readonly address: string;
  readonly bindHost: string | undefined;
  readonly reachEnv: Readonly<Record<string, string>>;
};
type Node = { readonly settings: Settings; readonly dataDir: string; readonly name: string; readonly host: string };
export type ReachPorts = {
  /** platform/own-address.ts */
  readonly ownAddressToward: (host: string) => Promise<string>;
  /** Where the operator's certificates lie, for containers. */
  readonly tlsEnv: Readonly<Record<string, string>>;
};

/** @throws AppError CONFIG_BAD_VALUE, also when the ResourceManager's host has no address here, or no route leads there */
export async function whereReached({ settings, dataDir, name, host }: Node, { ownAddressToward, tlsEnv }: ReachPorts): Promise<Reached> {
  const runDir = join(dataDir, 'run');
  const rmAddress = rmAddressesOf(settings, dataDir);
  const near = `unix:${join(runDir, `nm-${name}.sock`)}`;
  const bindHost = settings.get(KEYS.nmBindHost);
  const asked = nmAddressOf(settings);
  if (asked !== undefined) checkListenAddress(asked, KEYS.nmAddress.name);
  if (asked !== undefined && !asked.startsWith('tls:')) return { rmAddress, address: asked, bindHost, reachEnv: {} };
  const far = asked ?? (await farOf(settings, rmAddress, ownAddressToward));
  if (far === undefined) return { rmAddress, address: near, bindHost, reachEnv: {} };
  return {
    rmAddress,
    address: eitherAddress(host, near, far),
    bindHost,
    reachEnv: {
      EMBERLOOM_NODE_ADDRESS: farPartOf(far)!.host,
      EMBERLOOM_RUN_DIR: runDir,
      ...(bindHost !== undefined && { EMBERLOOM_BIND_HOST: bindHost }),
      ...tlsEnv,
    },
  };
}

/** Beside a ResourceManager that other hosts reach, nodes must be reached by them, too. */
async function farOf(settings: Settings, rmAddress: string, ownAddressToward: ReachPorts['ownAddressToward']): Promise<string | undefined> {
  const rm = farRmOf(rmAddress);
  if (rm?.kind !== 'tls') return undefined;
  return tlsAddress(settings.get(KEYS.nmHostname) ?? (await ownAddressToward(rm.host).catch(unknownHost(rm.host))), 0);
}

const unknownHost = (host: string) => (error: unknown) => {
  const detail = error instanceof AppError ? String((error.params as { detail?: unknown }).detail) : String(error);
  const expected = `a host that is known here and that a route leads to (${detail})`;
  throw new AppError('CONFIG_BAD_VALUE', { key: KEYS.rmAddress.name, value: host, expected, where: 'settings' }, { cause: error });
};
