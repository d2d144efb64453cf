// A file that a text of the kernel reads in a form of which there is no file: whoever runs the text makes it first, where it runs, and its path
// stands in the place of the mark. What forms there are: runtime/sql/sources/make-copy.ts.
import type { ObjectStore } from './object-store.ts';

/** A file as it was listed. */
export type SourceFile = {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Ms since 1970. */
  readonly modified: number;
  readonly store?: ObjectStore | undefined;
};

export type FileCopy = {
  readonly mark: string;
  readonly of: SourceFile;
  /** What is done to it, one after the other; opaque here. */
  readonly steps: readonly object[];
  /** The driver's own copy, where it has made one: whoever can read it need make none. */
  readonly made?: { readonly path: string; readonly size: number } | undefined;
};
