// The ResourceManager put together on given adapters: listeners → store → the active one, or one of several that stands by until it is
// (ha-role.ts). main.ts chooses the adapters; tests choose others.
import type { Duplex } from 'node:stream';
import { AppError } from '../../common/errors.ts';
import type { ApplicationId } from '../../common/ids.ts';
import type { Clock, Database, Logger, Timers } from '../../common/ports.ts';
import type { Secrets } from '../../common/secrets.ts';
import type { Address, Listener, Transport } from '../../rpc/transport.ts';
import type { RmSettings } from '../core/records.ts';
import type { QueuePolicies, QueuesRead } from '../core/queue-policies.ts';
import type { SchedulerConfig } from '../core/scheduler/create-scheduler.ts';
import { type BackupOptions, Backups } from '../store/backups.ts';
import { RmStore } from '../store/rm-store.ts';
import { activate, type ActiveRm } from './active-rm.ts';
import type { AdminParts } from './admin-service.ts';
import type { EventLoop } from './event-loop.ts';
import { HaRole, type HaRoleOptions, type HolderProcesses } from './ha-role.ts';
import type { RmSecurity } from './rm-security.ts';
import type { NodeLists } from './node-lists.ts';
import type { StagingLimits } from './staged-files.ts';
import { standbyDoor } from './standby-door.ts';
import { StandbyFiles } from './standby-files.ts';
import { type Reserve, StoreGuard } from './store-guard.ts';

export type RmParts = {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly transport: Transport;
  /** Opened after the sockets are ours, so two ResourceManagers never have the state at once. */
  readonly openDatabase: () => Database;
  /** 32 random bytes as hex. */
  readonly newKey: () => string;
  /** Room on the store's disk; without it a full disk stops everything that must be remembered, until there is room. */
  readonly reserve?: Reserve | undefined;
  /** Copies of the store, made by the active one. */
  readonly backups?: BackupOptions | undefined;
  /** For one of several. */
  readonly processes?: HolderProcesses | undefined;
  /** Can't be set; default performance.now. */
  readonly steadyMs?: (() => number) | undefined;
  /** Of an application that has ended. */
  readonly removeStaging?: ((id: ApplicationId) => void) | undefined;
};
export type RmOptions = {
  readonly addresses: readonly Address[];
  /** Interface for TLS; default: the one that the address names. */
  readonly bindHost?: string | undefined;
  readonly secrets: Secrets;
  readonly settings: RmSettings;
  readonly version: string;
  readonly dataDir: string;
  readonly httpAddress?: string | undefined;
  /** Named in errors. */
  readonly storePath: string;
  /** It is one of several that share the store. */
  readonly ha?: HaRoleOptions | undefined;
  /** Where its pages are, once they are open; empty: nowhere. */
  readonly web?: (() => string) | undefined;
  /** For files of submitters of other hosts; default: no limits. */
  readonly staging?: StagingLimits | undefined;
  readonly queues: SchedulerConfig;
  readonly policies?: QueuePolicies;
  readonly readQueues: () => Promise<QueuesRead>;
  /** Where packed logs are; default: in the data folder. */
  readonly appLogsDir?: string | undefined;
  /** Which nodes may be here; undefined: all. */
  readonly nodeLists?: NodeLists | undefined;
  /** Without it nobody is asked for rights and nothing is written down (clusters inside a program, tests). */
  readonly security?: RmSecurity | undefined;
  /** A defect of ours or a store that failed: end the process, the state is what was committed. */
  readonly onFatal: (error: Error) => void;
};
export type { RmSecurity } from './rm-security.ts';

export type RunningRm = {
  readonly addresses: readonly Address[];
  /** undefined while it stands by. */
  readonly active: ActiveRm | undefined;
  /** Of the active one. @throws AppError RM_STANDBY */
  readonly loop: EventLoop;
  /** Who it is, and who is active. */
  readonly admin: AdminParts;
  stop(): Promise<void>;
};

/** @throws AppError SOCKET_IN_USE, SOCKET_PATH_TOO_LONG, DATA_DIR_UNUSABLE, STORE_CORRUPT, STORE_UNWRITABLE */
export async function runResourceManager(parts: RmParts, options: RmOptions): Promise<RunningRm> {
  let accept: (stream: Duplex) => void = (stream) => stream.destroy();
  const listeners: Listener[] = [];
  const closeAll = () => Promise.all(listeners.map((l) => l.close()));
  try {
    for (const address of options.addresses)
      listeners.push(await parts.transport.listen(address, (stream) => accept(stream), options.bindHost));
    const store = new RmStore(parts.openDatabase());
    const guard = new StoreGuard(store, { reserve: parts.reserve, path: options.storePath, timers: parts.timers, logger: parts.logger });
    const role = options.ha === undefined ? alone(parts, options, store, guard) : oneOfSeveral(parts, options, store, guard);
    const atStandby = standbyDoor(options.secrets, role.admin);
    const backups = parts.backups === undefined ? undefined : new Backups({ ...parts, store }, parts.backups);
    accept = (stream) => (role.active()?.accept ?? atStandby)(stream);
    return {
      addresses: listeners.map((l) => l.address),
      get active() {
        return role.active();
      },
      get loop() {
        const active = role.active();
        if (active === undefined) throw new AppError('RM_STANDBY', { id: options.ha?.id ?? 'rm' });
        return active.loop;
      },
      admin: role.admin,
      stop: async () => {
        accept = (stream) => stream.destroy();
        guard.close();
        backups?.stop();
        role.stop();
        await closeAll();
        store.close();
      },
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

type Role = { readonly active: () => ActiveRm | undefined; readonly admin: AdminParts; readonly stop: () => void };

/** The only one: nobody else can have the store open. */
function alone(parts: RmParts, options: RmOptions, store: RmStore, guard: StoreGuard): Role {
  const sinceMs = parts.clock.nowMs();
  const web = () => options.web?.() ?? '';
  const found = guard.withRoom(() => store.begin(sinceMs, parts.newKey));
  const state = () => ({ id: 'rm', state: 'active' as const, sinceMs, epoch: found.epoch, owner: 'rm', web: web() });
  const transition = (): never => {
    throw new AppError('HA_TRANSITION_REFUSED', { id: 'rm', reason: 'it is the only one: yarn.resourcemanager.ha.enabled is false' });
  };
  const admin = { state, transition };
  const active = activate({ parts, options, store: guard, found, admin, mayTell: () => {}, onFatal: options.onFatal });
  return { active: () => active, admin, stop: () => active.stop() };
}

function oneOfSeveral(parts: RmParts, options: RmOptions, store: RmStore, guard: StoreGuard): Role {
  const { clock, timers, logger, newKey } = parts;
  const admin: AdminParts = { state: () => role.state(), transition: (to) => role.transition(to) };
  const standsBy = (): boolean => role.active === undefined;
  const files = new StandbyFiles({ timers, logger, standsBy, read: () => readAgain(options) }, options);
  const role: HaRole = new HaRole(
    {
      store,
      clock,
      timers,
      logger,
      newKey,
      processes: parts.processes ?? { me: '', state: () => 'unknown', end: () => {} },
      steadyMs: parts.steadyMs ?? (() => performance.now()),
      web: () => options.web?.() ?? '',
      onFatal: options.onFatal,
      activate: (found, mayTell, onFatal) => activate({ parts, options: files.latest, store: guard, found, admin, mayTell, onFatal }),
    },
    options.ha!,
  );
  const stop = () => {
    files.stop();
    role.stop();
  };
  return { active: () => role.active, admin, stop };
}

/** What yarn rmadmin's refreshes read. @throws AppError QUEUE_CONFIG_INVALID, CONFIG_BAD_FILE, CONFIG_BAD_VALUE, NODES_FILE_UNREADABLE */
async function readAgain(options: RmOptions): Promise<RmOptions> {
  const queues = await options.readQueues();
  const rights = await options.security?.again?.();
  await options.nodeLists?.read();
  return { ...options, ...queues, ...(rights && { security: { ...options.security!, ...rights } }) };
}
