// The state store in the simulation: what RmStore promises (a commit is whole or is not, it asks the lease first, taking over begins an
// epoch), with Maps for tables. The real one is tried in test/unit/resourcemanager/store and, with the lease, in ha-role.test.ts.
import { AppError } from '../../src/common/errors.ts';
import type { SaveEffect } from '../../src/resourcemanager/core/effects.ts';
import type { ApplicationRecord, AttemptRecord, LabelsRecord, NodeRecord, Recovered } from '../../src/resourcemanager/core/records.ts';
import type { HaRoleParts } from '../../src/resourcemanager/service/ha-role.ts';
import type { LeaseHolder, LeaseRow } from '../../src/resourcemanager/store/lease.ts';

export class SimDisk {
  lease: LeaseRow | undefined;
  epoch = -1;
  /** Who was on the way out or out at the last commit, and of what size nodes were by order: a start must find the same. */
  promised = '';
  readonly #clusterStartMs: number;
  #applicationSeq = 0;
  readonly #applications = new Map<string, string>();
  readonly #attempts = new Map<string, string>();
  readonly #nodes = new Map<string, string>();
  readonly #sizes = new Map<string, string>();
  #labels = 'null';

  constructor(clusterStartMs: number) {
    this.#clusterStartMs = clusterStartMs;
  }

  begin(holder: LeaseHolder): Recovered {
    this.epoch++;
    this.lease = { ...holder, epoch: this.epoch, renewals: 0 };
    const all = <R>(table: ReadonlyMap<string, string>) => [...table.values()].map((text) => JSON.parse(text) as R);
    return {
      epoch: this.epoch,
      clusterStartMs: this.#clusterStartMs,
      applicationSeq: this.#applicationSeq,
      containerKeys: [],
      nmKeys: [],
      applications: all<ApplicationRecord>(this.#applications).sort((a, b) => a.seq - b.seq),
      attempts: all<AttemptRecord>(this.#attempts).sort((a, b) => a.number - b.number),
      nodesOut: all<NodeRecord>(this.#nodes),
      nodeSizes: all(this.#sizes),
      labels: (JSON.parse(this.#labels) as LabelsRecord | null) ?? undefined,
    };
  }

  write(saves: readonly SaveEffect[]): void {
    for (const save of saves) {
      if (save.tag === 'saveApplication') this.#applications.set(save.record.id, JSON.stringify(save.record));
      else if (save.tag === 'saveAttempt') this.#attempts.set(save.record.id, JSON.stringify(save.record));
      else if (save.tag === 'saveApplicationSeq') this.#applicationSeq = save.applicationSeq;
      else if (save.tag === 'saveNode') this.#nodes.set(save.record.id, JSON.stringify(save.record));
      else if (save.tag === 'saveNodeSize') this.#sizes.set(save.record.id, JSON.stringify(save.record));
      else if (save.tag === 'saveLabels') this.#labels = JSON.stringify(save.record);
      else if (save.tag === 'forgetNode') this.#nodes.delete(save.id);
      else if (save.tag === 'forgetNodeSize') this.#sizes.delete(save.id);
      else this.#applications.delete(save.id);
    }
  }
}

/** The disk as one process has it open. */
export class SimStore implements Store {
  readonly #disk: SimDisk;
  #epoch = -1;

  constructor(disk: SimDisk) {
    this.#disk = disk;
  }

  lease(): LeaseRow | undefined {
    return this.#disk.lease;
  }

  takeOver(_nowMs: number, _newKey: () => string, me: LeaseHolder, mayTake: (now: LeaseRow | undefined) => boolean): Recovered | undefined {
    if (!mayTake(this.#disk.lease)) return undefined;
    const found = this.#disk.begin(me);
    this.#epoch = found.epoch;
    return found;
  }

  renewLease(): void {
    const row = this.#mine();
    this.#disk.lease = { ...row, renewals: row.renewals + 1 };
  }

  releaseLease(): void {
    const row = this.#mine();
    this.#disk.lease = { ...row, owner: '', renewals: row.renewals + 1 };
  }

  save(saves: readonly SaveEffect[]): void {
    this.#mine();
    this.#disk.write(saves);
  }

  #mine(): LeaseRow {
    const row = this.#disk.lease;
    if (row !== undefined && row.epoch === this.#epoch && row.owner !== '') return row;
    throw new AppError('LEASE_LOST', { by: row?.owner || 'nobody', epoch: row?.epoch ?? 0, own: this.#epoch });
  }
}

type Store = HaRoleParts['store'];
