// Carries out what core/shuffle-migration.ts decides: map outputs of executors that leave are taken over by those who stay (shuffle.take), one after
// another, or by the fallback storage. When an executor may end decides decommissioner.ts. Source: Spark's BlockManagerDecommissioner.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../common/errors.ts';
import type { Logger } from '../../../common/ports.ts';
import { shuffleTake } from '../../../rpc/messages/migration.ts';
import { FALLBACK_STORAGE, type MapOutput } from '../../plan/stage-install.ts';
import type { MapOutputTracker } from '../core/map-output-tracker.ts';
import { folderOf, type MigrationLimits, ShuffleMigration, type Transfer, type TransferEnd } from '../core/shuffle-migration.ts';
import type { Executor, ExecutorTable } from './executor-table.ts';

type Going = {
  readonly shuffles: Omit<MigratorSettings, 'fallbackDir' | 'cleanUp'> | undefined;
  readonly fallbackDir: string | undefined;
  readonly fallbackCleanUp: boolean;
};
type Application = {
  readonly manager: { readonly applicationId: string };
  readonly loop: { readonly core: { readonly outputs: MapOutputTracker } };
  readonly executors: { readonly table: ExecutorTable };
  readonly log: Logger;
};

/** @returns undefined: shuffle files are not moved */
export function shuffleMigrator(
  { shuffles, fallbackDir, fallbackCleanUp }: Going,
  { manager, loop, executors, log }: Application,
): ShuffleMigrator | undefined {
  if (shuffles === undefined) return undefined;
  const settings = { ...shuffles, fallbackDir: fallbackDir && join(fallbackDir, manager.applicationId), cleanUp: fallbackCleanUp };
  return new ShuffleMigrator(settings, { outputs: loop.core.outputs, table: executors.table, log });
}

export type MigratorSettings = Omit<MigrationLimits, 'fallback'> & {
  /** Of this application; undefined: none. */
  readonly fallbackDir: string | undefined;
  /** It goes with the application. */
  readonly cleanUp: boolean;
};
/** Where a node's files lie, and who serves them without executors. */
export type NodeFiles = { readonly shuffleDirs: readonly string[]; readonly shuffleService: string | undefined };
export type MigratorPorts = {
  readonly outputs: MapOutputTracker;
  readonly table: Pick<ExecutorTable, 'executors'>;
  readonly log: Logger;
};

export class ShuffleMigrator {
  /** Something has moved, or found no place. */
  readonly onChange: (() => void)[] = [];
  readonly #ports: MigratorPorts;
  readonly #fallbackDir: string | undefined;
  readonly #cleanUp: boolean;
  readonly #nodes = new Map<string, NodeFiles>();
  readonly #migration: ShuffleMigration;
  readonly #log: Logger;

  constructor(settings: MigratorSettings, ports: MigratorPorts) {
    this.#ports = ports;
    this.#fallbackDir = settings.fallbackDir;
    this.#cleanUp = settings.cleanUp;
    this.#migration = new ShuffleMigration({ ...settings, fallback: settings.fallbackDir !== undefined }, ports.outputs);
    this.#log = ports.log.named('BlockManagerDecommissioner');
  }

  /** @param wholeNode what others of its node have written goes away, too */
  begin({ id, shuffleDirs }: Executor, wholeNode: boolean): void {
    const folders = new Set(wholeNode ? shuffleDirs : []);
    const away = folders.size === 0 ? () => false : ({ file }: MapOutput) => folders.has(folderOf(file));
    this.#migration.begin(id, (output) => output.executorId === id || away(output));
    this.#go();
  }

  /** A node that goes, whether or not executors are there. */
  beginNode(nodeId: string, { shuffleDirs, shuffleService }: NodeFiles): void {
    const folders = new Set(shuffleDirs);
    this.#nodes.set(nodeId, { shuffleDirs, shuffleService });
    this.#migration.begin(nodeId, ({ file }) => folders.has(folderOf(file)));
    this.#go();
  }

  end(executorId: string): void {
    this.#migration.end(executorId);
  }

  /** @returns undefined while something is on its way */
  settled(executorId: string): { moved: number; left: number } | undefined {
    const settled = this.#migration.settled(executorId);
    if (settled === undefined) this.#go(); // outputs of tasks that have ended meanwhile
    return settled && this.#migration.settled(executorId);
  }

  retry(executorId: string): void {
    this.#migration.retry(executorId);
    this.#migration.settled(executorId); // finds them anew
    this.#go();
  }

  /** At the end of the application, when no executor writes any more. */
  async stop(): Promise<void> {
    if (this.#fallbackDir === undefined || !this.#cleanUp) return;
    await rm(this.#fallbackDir, { recursive: true, force: true }).catch((error: Error) =>
      this.#log.warn(`The fallback storage is not cleaned: ${error.message}`),
    );
  }

  #go(): void {
    const receivers = [...this.#ports.table.executors.values()]
      .filter(({ leaving, gone, peer }) => leaving === undefined && !gone && peer !== undefined)
      .map(({ id, shuffleDirs }) => ({ executorId: id, folders: shuffleDirs }));
    for (const transfer of this.#migration.plan(receivers)) void this.#carryOut(transfer);
  }

  async #carryOut(transfer: Transfer): Promise<void> {
    const { shuffleId, output, to, leaver } = transfer;
    const end = await this.#take(transfer);
    const name = `shuffle_${shuffleId}_${output.mapIndex}`;
    if (this.#migration.ended(transfer, end)) this.#log.debug(`Migrated ${name} of executor ${leaver} to ${to ?? 'the fallback storage'}`);
    this.#go();
    for (const tell of this.onChange) tell();
  }

  async #take({ leaver, shuffleId, output, to }: Transfer): Promise<TransferEnd> {
    const { executors } = this.#ports.table;
    const from = executors.get(leaver);
    const service = from?.outputsAddress ?? this.#nodes.get(leaver)?.shuffleService;
    const dirs = from?.shuffleDirs ?? this.#nodes.get(leaver)?.shuffleDirs;
    // The fallback storage is written by whoever has the files: the one that leaves, or (of a node without any) whoever can read them.
    const receiver = executors.get(to ?? leaver) ?? (to === undefined ? executors.values().next().value : undefined);
    if (receiver?.peer === undefined) return { tag: to === undefined ? 'failed' : 'gone' };
    const { file, host } = output;
    const source = {
      file,
      host,
      // Another of its node, which is gone, may have written it: whoever has the folder can read it.
      blockAddress: service !== undefined && dirs?.includes(folderOf(file)) ? service : output.blockAddress,
      partitions: output.bytes.length,
      ...(to === undefined && { into: join(this.#fallbackDir!, String(shuffleId)) }),
    };
    try {
      const taken = await receiver.peer.call(shuffleTake, source);
      const place = to === undefined ? IN_FALLBACK : { executorId: to, host: receiver.host, blockAddress: receiver.outputsAddress };
      return { tag: 'moved', output: { ...output, ...place, file: taken.file } };
    } catch (error) {
      this.#log.warn(
        `${file} could not be handed on to ${to === undefined ? 'the fallback storage' : `executor ${to}`}: ${(error as Error).message}`,
      );
      if (error instanceof AppError && error.code === 'LOCAL_DISK') return { tag: 'full' };
      return { tag: receiver.peer.closed ? 'gone' : 'failed' };
    }
  }
}

/** Whoever reads it finds it in the folder. Source: FallbackStorage's host. */
const IN_FALLBACK = { executorId: FALLBACK_STORAGE, host: 'remote', blockAddress: '' };
