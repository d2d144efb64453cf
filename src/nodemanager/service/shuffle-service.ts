// The auxiliary service `spark_shuffle`: serves the shuffle files of executors that registered, also when they are gone, until their application
// ends; so executors can be given back or die without the work of their map tasks. It learns an application and its secret when the first of its
// executors is launched here, and remembers both across restarts (store/shuffle-registrations.ts). How ranges are read is rpc/serve-blocks.ts.
// Source: Spark's YarnShuffleService and ExternalBlockHandler.
import { readdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { eitherAddress, netAddress, parseAddress } from '../../common/address.ts';
import { KEYS } from '../../common/config-keys.ts';
import { AppError } from '../../common/errors.ts';
import { type ApplicationId, isApplicationId } from '../../common/ids.ts';
import type { Logger } from '../../common/ports.ts';
import type { Settings } from '../../common/settings.ts';
import { acceptChannel } from '../../rpc/connect.ts';
import type { LaunchContext } from '../../rpc/messages/shapes.ts';
import { shuffleRegister, shuffleRemove } from '../../rpc/messages/shuffle.ts';
import { Peer } from '../../rpc/peer.ts';
import { Lanes, serveBlocks } from '../../rpc/serve-blocks.ts';
import type { Address, Listener, Transport } from '../../rpc/transport.ts';
import { ShuffleRegistrations } from '../store/shuffle-registrations.ts';
import { BlockMerger } from './block-merger.ts';
import type { Account, RunAsUser } from './run-as.ts';
import type { ContainerFolders } from './container-folders.ts';

export const SHUFFLE_SERVICE = 'spark_shuffle';
/** Address of the service in the environment of a container that asked for it. */
const ADDRESS_VARIABLE = 'EMBERLOOM_SHUFFLE_SERVICE';
/** Reads at once: Node.js has four threads for files, and the NodeManager needs some for containers. */
const READS_AT_ONCE = 3;

export type ShuffleServiceParts = {
  readonly registrations: ShuffleRegistrations;
  readonly logger: Logger;
  /** Of merged files (block-merger.ts). */
  readonly chunkBytes: number;
  /** The folders of an application on all disks of this node: what an executor registers lies in one of them. */
  readonly applicationDirs: (app: { applicationId: ApplicationId; user: string }) => readonly string[];
  readonly runAs: RunAsUser;
};

type Launched = { readonly applicationId: ApplicationId; readonly user: string; readonly launch: LaunchContext };

/** The auxiliary services that a container needs. */
export const wantedServices = (launch: LaunchContext): string[] =>
  (launch.env.EMBERLOOM_AUX_SERVICES ?? '').split(',').filter((name) => name !== '');

/** @returns undefined when it is not among yarn.nodemanager.aux-services. @throws AppError CONFIG_BAD_VALUE for a service we don't have */
export function makeShuffleService(
  settings: Settings,
  stateDir: string,
  folders: ContainerFolders,
  logger: Logger,
  runAs: RunAsUser,
): ShuffleService | undefined {
  const names = settings.need(KEYS.auxServices);
  const unknown = names.find((name) => name !== SHUFFLE_SERVICE);
  if (unknown !== undefined)
    throw new AppError('CONFIG_BAD_VALUE', {
      key: KEYS.auxServices.name,
      value: unknown,
      expected: `${SHUFFLE_SERVICE}, or nothing`,
      where: 'settings',
    });
  if (names.length === 0) return undefined;
  return new ShuffleService({
    registrations: new ShuffleRegistrations(join(stateDir, 'shuffle')),
    logger: logger.named('YarnShuffleService'),
    chunkBytes: settings.need(KEYS.mergedChunkBytes),
    applicationDirs: (app) => folders.allApplicationDirs(app),
    runAs,
  });
}

/** Beside the NodeManager's own. */
export const shuffleSocketOf = (nodeManagerSocket: string): string => `${nodeManagerSocket.replace(/\.sock$/, '')}-s.sock`;

export function shuffleAddress(settings: Settings, nmAddress: Address): Address {
  const place = parseAddress(nmAddress);
  const port = settings.need(KEYS.shuffleServicePort);
  if (place.kind === 'either') return eitherAddress(place.host, shuffleSocketOf(place.near.path), netAddress({ ...place.far, port }));
  return place.kind === 'unix' ? `unix:${shuffleSocketOf(place.path)}` : netAddress({ ...place, port });
}

export class ShuffleService {
  readonly #parts: ShuffleServiceParts;
  readonly #lanes = new Lanes(READS_AT_ONCE);
  readonly #peers = new Map<Peer, ApplicationId>();
  readonly #merger: BlockMerger;
  readonly served = { requests: 0, blocks: 0, bytes: 0 };
  #listener: Listener | undefined;

  constructor(parts: ShuffleServiceParts) {
    this.#parts = parts;
    const { chunkBytes, logger } = parts;
    this.#merger = new BlockMerger({ lanes: this.#lanes, chunkBytes, logger, rootsOf: (applicationId) => this.#rootsOf(applicationId) });
  }

  /** Where executors and readers connect; undefined while it is not open. */
  get address(): Address | undefined {
    return this.#listener?.address;
  }

  /** @throws AppError SOCKET_IN_USE, SOCKET_PATH_TOO_LONG */
  async open(transport: Transport, address: Address, bindHost?: string): Promise<void> {
    const { registrations, logger } = this.#parts;
    for (const path of registrations.open()) logger.warn(`${path} is damaged: the shuffle files of its application are not served.`);
    const accept = (stream: Duplex) =>
      acceptChannel(
        stream,
        'the shuffle service',
        (id) => registrations.get(applicationOf(id)?.applicationId as ApplicationId)?.secret,
        (channel, id) => this.#accepted(new Peer(channel, id), id),
      );
    this.#listener = await transport.listen(address, accept, bindHost);
    logger.info(`Shuffle service at ${this.#listener.address}; ${registrations.size} applications are known from before`);
  }

  async close(): Promise<void> {
    await this.#listener?.close();
  }

  /**
   * An executor is about to be launched here.
   * @returns what its environment must say to find the service; nothing when it did not ask for it
   * @throws Error when it can't be written down: the launch fails
   */
  initializeApplication({ applicationId, user, launch }: Launched): Record<string, string> {
    const secret = launch.secretEnv.EMBERLOOM_APP_SECRET;
    if (this.address === undefined || secret === undefined || !wantedServices(launch).includes(SHUFFLE_SERVICE)) return {};
    const { registrations } = this.#parts;
    const known = registrations.get(applicationId);
    if (known?.secret !== secret || known.user !== user)
      registrations.set(applicationId, { user, secret, executors: known?.executors ?? {} });
    return { [ADDRESS_VARIABLE]: this.address };
  }

  /** Its folders are gone: who still asks gets nothing. */
  stopApplication(applicationId: ApplicationId): void {
    this.#parts.registrations.remove(applicationId);
    this.#merger.stopApplication(applicationId);
    for (const [peer, of] of this.#peers) if (of === applicationId) peer.channel.destroy('the application has finished');
  }

  #accepted(peer: Peer, id: string): void {
    const { registrations, logger } = this.#parts;
    const { applicationId, executorId } = applicationOf(id)!;
    this.#peers.set(peer, applicationId);
    peer.onClose = () => this.#peers.delete(peer);
    peer.onFault = (fault) => logger.warn(`${id}: ${fault}`);
    peer.serve(shuffleRegister, async ({ shuffleDirs }) => {
      const roots = await this.#checked(applicationId, shuffleDirs);
      const known = registrations.get(applicationId);
      if (known === undefined) throw new AppError('BAD_ARGUMENT', { method: 'shuffle.register', reason: 'the application has finished' });
      if (known.executors[executorId]?.join() !== roots.join()) {
        registrations.set(applicationId, { ...known, executors: { ...known.executors, [executorId]: roots } });
        logger.info(`Registered executor ${executorId} of ${applicationId} with ${roots.join(', ')}`);
      }
      return {};
    });
    peer.serve(shuffleRemove, async ({ shuffleIds }) => ({ files: await this.#remove(applicationId, new Set(shuffleIds)) }));
    const ownerOf = async () => (await this.#accountOf(applicationId))?.uid;
    serveBlocks(peer, () => this.#rootsOf(applicationId), this.#lanes, this.served, ownerOf);
    this.#merger.serve(peer, applicationId, async () => {
      if ((await this.#accountOf(applicationId)) === undefined) return;
      // Root would write in a folder that a user may change under it.
      const reason = 'this node runs containers as their users, and merges nothing for them';
      throw new AppError('BAD_ARGUMENT', { method: 'shuffle.push', reason });
    });
  }

  /** Whose its files are, when they are not this NodeManager's. @throws AppError RUN_AS_REFUSED */
  async #accountOf(applicationId: ApplicationId): Promise<Account | undefined> {
    const { registrations, runAs } = this.#parts;
    return runAs.active ? await runAs.accountFor(registrations.get(applicationId)?.user ?? '') : undefined;
  }

  #rootsOf(applicationId: ApplicationId): readonly string[] {
    return [...new Set(Object.values(this.#parts.registrations.get(applicationId)?.executors ?? {}).flat())];
  }

  /** @returns real paths. @throws AppError BAD_ARGUMENT for a folder that is not the application's own */
  async #checked(applicationId: ApplicationId, dirs: readonly string[]): Promise<string[]> {
    const { registrations, applicationDirs } = this.#parts;
    const user = registrations.get(applicationId)?.user ?? '';
    const own = await Promise.all(applicationDirs({ applicationId, user }).map((dir) => realpath(dir).catch(() => dir)));
    const allowed = new Set(own.map((dir) => join(dir, 'shuffle')));
    const refuse = (dir: string, why: string) => new AppError('BAD_ARGUMENT', { method: 'shuffle.register', reason: `${dir}: ${why}` });
    return await Promise.all(
      dirs.map(async (dir) => {
        const real = await realpath(dir).catch((error: Error) => Promise.reject(refuse(dir, error.message)));
        if (!allowed.has(real)) throw refuse(dir, `no shuffle folder of ${applicationId} on this node`);
        return real;
      }),
    );
  }

  async #remove(applicationId: ApplicationId, shuffleIds: ReadonlySet<number>): Promise<number> {
    const old: string[] = [];
    this.#merger.forget(applicationId, shuffleIds);
    for (const root of this.#rootsOf(applicationId)) {
      for (const name of await readdir(root).catch(() => [])) {
        const of = /^shuffle_(\d+)_/.exec(name);
        if (of === null || !shuffleIds.has(Number(of[1]))) continue;
        old.push(join(root, name));
      }
    }
    const account = await this.#accountOf(applicationId);
    if (account !== undefined) await this.#parts.runAs.remove(account, old);
    else for (const path of old) await rm(path, { force: true });
    return old.length;
  }
}

/** `block:<applicationId>/<executorId>` */
function applicationOf(id: string): { applicationId: ApplicationId; executorId: string } | undefined {
  const [, applicationId, executorId] = /^block:([^/]+)\/(\d{1,9}|driver)$/.exec(id) ?? [];
  return applicationId !== undefined && isApplicationId(applicationId) ? { applicationId, executorId: executorId! } : undefined;
}
