// What survives the ResourceManager: applications with their secrets and final reports, attempts, nodes taken out, master keys, epoch.
// One transaction per batch of events. Containers are not stored: nodes bring them along (core/recovery.ts).
import type { Database, Statement } from '../../common/ports.ts';
import type { SaveEffect } from '../core/effects.ts';
import type { ApplicationRecord, AttemptRecord, LabelsRecord, MasterKey, NodeRecord, NodeSizeRecord, Recovered } from '../core/records.ts';
import { Lease, type LeaseHolder, type LeaseRow } from './lease.ts';

/** A ResourceManager that is alone with its store. */
const ALONE: LeaseHolder = { owner: 'rm', process: '', web: '' };

export class RmStore {
  readonly #db: Database;
  readonly #lease: Lease;
  /** Since it was opened; renewals of the lease are none. */
  commits = 0;
  readonly #saveApplication: Statement;
  readonly #saveAttempt: Statement;
  readonly #saveFact: Statement;
  readonly #forgetApplication: Statement;
  readonly #forgetAttempts: Statement;
  readonly #saveNode: Statement;
  readonly #forgetNode: Statement;

  constructor(db: Database) {
    this.#db = db;
    this.#lease = new Lease(db);
    this.#saveApplication = db.prepare(
      'INSERT INTO applications (id, seq, record) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET record = excluded.record',
    );
    this.#saveAttempt = db.prepare(
      'INSERT INTO attempts (application_id, number, record) VALUES (?, ?, ?) ON CONFLICT (application_id, number) DO UPDATE SET record = excluded.record',
    );
    this.#saveFact = db.prepare('INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value');
    this.#forgetApplication = db.prepare('DELETE FROM applications WHERE id = ?');
    this.#forgetAttempts = db.prepare('DELETE FROM attempts WHERE application_id = ?');
    this.#saveNode = db.prepare('INSERT INTO nodes_out (id, record) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET record = excluded.record');
    this.#forgetNode = db.prepare('DELETE FROM nodes_out WHERE id = ?');
  }

  /**
   * Begins a new epoch, durable before this returns, and loads what there is. Whoever had the store before commits nothing more.
   * @param newKey 32 random bytes as hex
   */
  begin(nowMs: number, newKey: () => string, me: LeaseHolder = ALONE): Recovered {
    return this.takeOver(nowMs, newKey, me, () => true)!;
  }

  /** The same, if `mayTake` still says so when nobody else can change it any more. @returns undefined when it does not */
  takeOver(nowMs: number, newKey: () => string, me: LeaseHolder, mayTake: (now: LeaseRow | undefined) => boolean): Recovered | undefined {
    let found: Recovered | undefined;
    this.#db.transaction(() => {
      if (!mayTake(this.#lease.read())) return;
      const clusterStartMs = this.#fact('clusterStartMs') ?? nowMs;
      const before = this.#fact('epoch');
      const epoch = before === undefined ? 0 : before + 1;
      this.#saveFact.run('clusterStartMs', clusterStartMs);
      this.#saveFact.run('epoch', epoch);
      this.#lease.take(epoch, me);
      found = {
        epoch,
        clusterStartMs,
        applicationSeq: this.#fact('applicationSeq') ?? 0,
        containerKeys: this.#keys('container', nowMs, newKey),
        nmKeys: this.#keys('nm', nowMs, newKey),
        applications: this.#records<ApplicationRecord>('SELECT record FROM applications ORDER BY seq'),
        attempts: this.#records<AttemptRecord>('SELECT record FROM attempts ORDER BY application_id, number'),
        nodesOut: this.#records<NodeRecord>('SELECT record FROM nodes_out ORDER BY id'),
        labels: this.#records<LabelsRecord>('SELECT record FROM node_labels')[0],
        nodeSizes: this.#records<NodeSizeRecord>('SELECT record FROM node_sizes ORDER BY id'),
      };
    });
    return found;
  }

  /** Who is the active one; undefined: there has been none. */
  lease(): LeaseRow | undefined {
    return this.#lease.read();
  }

  /** @throws AppError LEASE_LOST when another one has taken over */
  renewLease(web: string): void {
    this.#db.transaction(() => this.#lease.renew(web));
  }

  /** Nothing more is committed here; who stands by need not wait. @throws AppError LEASE_LOST */
  releaseLease(): void {
    this.#db.transaction(() => this.#lease.release());
  }

  /** Committed to the disk when it returns. @throws AppError LEASE_LOST when another one has taken over: nothing was committed */
  save(effects: readonly SaveEffect[]): void {
    this.#db.transaction(() => {
      this.#lease.check();
      for (const effect of effects) this.#one(effect);
    });
    this.commits++;
  }

  /** A copy as of one moment. */
  async backup(path: string): Promise<void> {
    await this.#db.backup?.(path);
  }

  close(): void {
    this.#db.close();
  }

  #one(effect: SaveEffect): void {
    switch (effect.tag) {
      case 'saveApplication':
        this.#saveApplication.run(effect.record.id, effect.record.seq, JSON.stringify(effect.record));
        break;
      case 'saveAttempt':
        this.#saveAttempt.run(effect.record.applicationId, effect.record.number, JSON.stringify(effect.record));
        break;
      case 'saveApplicationSeq':
        this.#saveFact.run('applicationSeq', effect.applicationSeq);
        break;
      case 'forgetApplication':
        this.#forgetApplication.run(effect.id);
        this.#forgetAttempts.run(effect.id);
        break;
      case 'saveNode':
        this.#saveNode.run(effect.record.id, JSON.stringify(effect.record));
        break;
      case 'forgetNode':
        this.#forgetNode.run(effect.id);
        break;
      case 'saveNodeSize':
        this.#db
          .prepare('INSERT INTO node_sizes (id, record) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET record = excluded.record')
          .run(effect.record.id, JSON.stringify(effect.record));
        break;
      case 'forgetNodeSize':
        this.#db.prepare('DELETE FROM node_sizes WHERE id = ?').run(effect.id);
        break;
      case 'saveLabels':
        this.#db
          .prepare('INSERT INTO node_labels (one, record) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET record = excluded.record')
          .run(JSON.stringify(effect.record));
        break;
      default:
        effect satisfies never;
    }
  }

  #fact(name: string): number | undefined {
    return (this.#db.prepare('SELECT value FROM facts WHERE name = ?').get(name) as { value: number } | undefined)?.value;
  }

  #records<R>(sql: string): R[] {
    return (this.#db.prepare(sql).all() as { record: string }[]).map(({ record }) => JSON.parse(record) as R);
  }

  /** Newest last; a cluster that has none yet gets its first. */
  #keys(kind: string, nowMs: number, newKey: () => string): MasterKey[] {
    const known = this.#db
      .prepare('SELECT key_id AS keyId, key, made_at_ms AS madeAtMs FROM master_keys WHERE kind = ? ORDER BY key_id')
      .all(kind) as MasterKey[];
    if (known.length > 0) return known;
    const first = { keyId: 1, key: newKey(), madeAtMs: nowMs };
    this.addKey(kind, first);
    return [first];
  }

  /** Durable when it returns. Which keys there are when: core/token-keys.ts. */
  addKey(kind: string, { keyId, key, madeAtMs }: MasterKey): void {
    this.#db.transaction(() => {
      this.#lease.check();
      this.#db.prepare('INSERT INTO master_keys (kind, key_id, key, made_at_ms) VALUES (?, ?, ?, ?)').run(kind, keyId, key, madeAtMs);
    });
  }

  dropKey(kind: string, keyId: number): void {
    this.#db.transaction(() => {
      this.#lease.check();
      this.#db.prepare('DELETE FROM master_keys WHERE kind = ? AND key_id = ?').run(kind, keyId);
    });
  }
}
