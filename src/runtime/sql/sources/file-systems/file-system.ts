// What sources ask of where files lie: local folders (local-files.ts) and buckets (bucket-files.ts), chosen by a path's scheme.
import type { ObjectStore } from '../../../../common/object-store.ts';

export type FileInfo = { readonly isFile: boolean /** Bytes. */; readonly size: number /** Ms since 1970. */; readonly modified: number };
export type FolderEntry = FileInfo & { readonly name: string };

/** Bytes of one file. */
export interface FileReader {
  /** @param position left out: where the last such read ended. @returns how many there were, 0 at the end */
  read(into: Uint8Array, offset: number, length: number, position?: number): Promise<number>;
  close(): Promise<void>;
}

export interface FileSystem {
  /** Where the kernel reads it; left out: on this machine. */
  readonly store?: ObjectStore;
  /** As a program wrote it → as it is called from now on: absolute, with the scheme where it is not the local one. */
  absolute(path: string): string;
  /** As Spark's messages have it. */
  shown(path: string): string;
  /** undefined: there is nothing. */
  info(path: string): Promise<FileInfo | undefined>;
  /** In the order of names. @throws Error in the system's words */
  list(folder: string): Promise<readonly FolderEntry[]>;
}
