// What a text reads that its kernel does not have by itself: rows of other databases, objects of buckets, files in another form. Whoever runs the text
// makes it ready first (rdd/remote-rows.ts).
import type { FileCopy } from '../../../common/file-copy.ts';
import type { ObjectStore } from '../../../common/object-store.ts';
import type { RemoteRead } from '../../../common/remote-database.ts';

let marks = 0;

export class Outside {
  readonly #remotes = new Map<string, RemoteRead>();
  readonly #copies = new Map<string, FileCopy>();
  readonly #stores = new Map<string, ObjectStore>();

  /** One that a text reads twice is asked once. @returns the mark that stands for the rows */
  remote(read: Omit<RemoteRead, 'mark'>): string {
    const key = JSON.stringify(read);
    let known = this.#remotes.get(key);
    if (known === undefined) this.#remotes.set(key, (known = { ...read, mark: `rows of a database ${++marks}` }));
    return known.mark;
  }

  /** @returns the mark that stands for the file */
  copy(copy: Omit<FileCopy, 'mark'>): string {
    const key = JSON.stringify(copy);
    let known = this.#copies.get(key);
    if (known === undefined) this.#copies.set(key, (known = { ...copy, mark: `copy_${++marks}_of_file` }));
    return known.mark;
  }

  store(store: ObjectStore): void {
    this.#stores.set(store.bucket, store);
  }

  get copies(): readonly FileCopy[] {
    return [...this.#copies.values()];
  }

  get remotes(): readonly RemoteRead[] {
    return [...this.#remotes.values()];
  }

  get stores(): readonly ObjectStore[] {
    return [...this.#stores.values()];
  }
}
