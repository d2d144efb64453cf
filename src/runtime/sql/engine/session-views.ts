// A session's temporary views, as they are now and as they were when one was made of them: its analysis may ask queries and wait for files, and a view of a
// view of the same name is made of the old one. Kept apart by the flow of promises, so that queries beside it see the new ones.
import { AsyncLocalStorage } from 'node:async_hooks';
import { TempViews } from './temp-views.ts';

export class SessionViews {
  readonly #now = new TempViews();
  readonly #before = new AsyncLocalStorage<TempViews>();

  get seen(): TempViews {
    return this.#before.getStore() ?? this.#now;
  }

  /** What runs now belongs to the making of a view. */
  get isBefore(): boolean {
    return this.#before.getStore() !== undefined;
  }

  /** @param work sees the views of this moment, whatever they become */
  asNow<T>(work: () => T): T {
    return this.#before.run(this.seen.snapshot(), work);
  }
}
