// What an analysis waits for: files to be opened (source-cache.ts), a view to be analysed (temp-views.ts).

/** Not an error of anybody's: the analysis waits for `loaded` and is repeated. */
export class PendingSource extends Error {
  readonly loaded: Promise<void>;

  constructor(loaded: Promise<void>) {
    super('a source that is being opened');
    this.loaded = loaded;
  }
}

/** @param work begun again each time that it met something that is not there yet */
export async function whenLoaded<T>(work: () => T | Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof PendingSource)) throw error;
      await error.loaded;
    }
  }
}
