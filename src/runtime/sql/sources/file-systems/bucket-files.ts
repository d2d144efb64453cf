// Files of a bucket: keys with slashes are folders and files. A folder is there as long as an object lies below it; an empty object whose key ends in a
// slash stands for one, and is none of its files. Source: S3AFileSystem of Hadoop 3.4.
import type { ObjectStore } from '../../../../common/object-store.ts';
import type { FileReader, FileSystem, FolderEntry } from './file-system.ts';
import { S3Client } from './s3-client.ts';

const PATH = /^s3[an]?:\/\/([^/]+)\/*(.*)$/s;

/** `s3a://bucket/a/b` → bucket and key. @returns undefined for other paths */
export function bucketPath(path: string): { readonly bucket: string; readonly key: string } | undefined {
  const [, bucket, key] = PATH.exec(path) ?? [];
  return bucket === undefined ? undefined : { bucket, key: key!.replace(/\/+$/, '') };
}

export class BucketFiles implements FileSystem {
  readonly store: ObjectStore;
  readonly client: S3Client;

  constructor(store: ObjectStore) {
    this.store = store;
    this.client = new S3Client(store);
  }

  absolute(path: string): string {
    const { bucket, key } = bucketPath(path)!;
    return `s3a://${bucket}${key === '' ? '' : `/${key}`}`;
  }

  shown(path: string): string {
    return path;
  }

  async info(path: string) {
    const { key } = bucketPath(path)!;
    const object = key === '' ? undefined : await this.client.head(key);
    if (object !== undefined) return { isFile: true, size: object.size, modified: object.modified };
    const { objects, folders } = await this.client.list(prefixOf(key), 1);
    return objects.length + folders.length === 0 ? undefined : { isFile: false, size: 0, modified: 0 };
  }

  async list(folder: string): Promise<readonly FolderEntry[]> {
    const prefix = prefixOf(bucketPath(folder)!.key);
    const { objects, folders } = await this.client.list(prefix);
    const entries = [
      ...objects
        .filter(({ key }) => key !== prefix)
        .map(({ key, size, modified }) => ({ name: key.slice(prefix.length), isFile: true, size, modified })),
      ...folders.map((key) => ({ name: key.slice(prefix.length, -1), isFile: false, size: 0, modified: 0 })),
    ];
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}

const prefixOf = (key: string): string => (key === '' ? '' : `${key}/`);

/** Ranges, one request each. @param size of the object, bytes */
export function openObject(store: ObjectStore, path: string, size: number): FileReader {
  const [client, { key }] = [new S3Client(store), bucketPath(path)!];
  let next = 0;
  return {
    async read(into, offset, length, position) {
      const at = position ?? next;
      const end = Math.min(size, at + length);
      if (end <= at) return 0;
      const bytes = await client.bytes(key, at, end);
      into.set(bytes, offset);
      if (position === undefined) next += bytes.length;
      return bytes.length;
    },
    close: async () => {},
  };
}
