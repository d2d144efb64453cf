// The NodeManager's memory across its restarts: what containers there are, in a journal of JSON lines (0600; launch contexts hold
// secrets). It need not survive the host: containers don't either, so nothing is synced. A torn last line (kill -9 while it
// was written) is dropped. Rewritten at every start, and when it has grown, so that it holds what is live.
import { closeSync, existsSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { type ApplicationId, applicationOfContainer, type ContainerId } from '../../common/ids.ts';
import type { Container } from '../core/container-machine.ts';

type JournalRecord =
  | { readonly k: 'container'; readonly container: Container }
  /** Ended and acknowledged: only its id is kept. */
  | { readonly k: 'past'; readonly id: ContainerId }
  | { readonly k: 'applicationGone'; readonly applicationId: ApplicationId };

export type Journalled = { readonly containers: readonly Container[]; readonly past: readonly ContainerId[] };

const REWRITE_BYTES = 8 * 1024 * 1024;

export class ContainerJournal {
  readonly #path: string;
  readonly #containers = new Map<ContainerId, Container>();
  readonly #past = new Set<ContainerId>();
  #fd = -1;
  #bytes = 0;
  #rewriteAt = REWRITE_BYTES;

  /** @param path for example state/nm-n1/containers.jsonl; its folder exists */
  constructor(path: string) {
    this.#path = path;
  }

  /** Reads what is there. Only once this NodeManager knows that it is the only one of its name. */
  open(): void {
    const path = this.#path;
    if (existsSync(path)) for (const line of readFileSync(path, 'utf8').split('\n')) this.#replay(line);
    [this.#fd, this.#bytes] = this.#rewrite();
  }

  read(): Journalled {
    return { containers: [...this.#containers.values()], past: [...this.#past] };
  }

  save(container: Container): void {
    this.#append({ k: 'container', container });
  }

  forget(id: ContainerId): void {
    this.#append({ k: 'past', id });
  }

  applicationGone(applicationId: ApplicationId): void {
    this.#append({ k: 'applicationGone', applicationId });
  }

  close(): void {
    closeSync(this.#fd);
  }

  #append(record: JournalRecord): void {
    this.#apply(record);
    const line = Buffer.from(`${JSON.stringify(record)}\n`);
    // A nearly full disk takes a part of it: the rest fails aloud, or the next record would end up on the same line and both be lost.
    for (let at = 0; at < line.length; ) at += writeSync(this.#fd, line, at);
    this.#bytes += line.length;
    if (this.#bytes < this.#rewriteAt) return;
    closeSync(this.#fd);
    [this.#fd, this.#bytes] = this.#rewrite();
    this.#rewriteAt = Math.max(REWRITE_BYTES, 2 * this.#bytes);
  }

  #replay(line: string): void {
    if (line === '') return;
    try {
      this.#apply(JSON.parse(line) as JournalRecord);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error; // a torn line: what it said was not told to anybody yet
    }
  }

  #apply(record: JournalRecord): void {
    switch (record.k) {
      case 'container':
        this.#containers.set(record.container.id, record.container);
        break;
      case 'past':
        this.#containers.delete(record.id);
        this.#past.add(record.id);
        break;
      case 'applicationGone':
        for (const id of this.#past) if (applicationOfContainer(id) === record.applicationId) this.#past.delete(id);
        break;
      default:
        record satisfies never;
    }
  }

  #rewrite(): [fd: number, bytes: number] {
    const records: JournalRecord[] = [
      ...[...this.#past].map((id): JournalRecord => ({ k: 'past', id })),
      ...[...this.#containers.values()].map((container): JournalRecord => ({ k: 'container', container })),
    ];
    const text = records.map((record) => `${JSON.stringify(record)}\n`).join('');
    const fresh = `${this.#path}.new`;
    writeFileSync(fresh, text, { mode: 0o600 });
    renameSync(fresh, this.#path);
    return [openSync(this.#path, 'a', 0o600), Buffer.byteLength(text)];
  }
}
