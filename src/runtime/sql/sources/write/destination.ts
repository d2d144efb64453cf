// Where a write goes: a folder of this machine, or one of a bucket. What is there already, what an overwrite takes away, and the job that commits.
import { existsSync } from 'node:fs';
import { readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { BucketFiles, bucketPath } from '../file-systems/bucket-files.ts';
import { objectStore } from '../file-systems/object-store-settings.ts';
import { localPath } from '../paths.ts';
import { BucketJob } from './bucket-job.ts';
import { WriteJob } from './staging.ts';

export interface Destination {
  readonly folder: string;
  exists(): Promise<boolean>;
  /** A file in the folder's place goes. */
  removeFile(): Promise<void>;
  /** Names right below, relative to the folder; of a bucket all keys below. @param root relative, '.' for itself */
  below(root: string): Promise<readonly string[]>;
  begin(id: string): Promise<Pick<WriteJob, 'id' | 'staging' | 'isCommitting' | 'commit' | 'abort'>>;
}

export function destinationOf(path: string, get: (key: string) => string | undefined): Destination {
  const found = bucketPath(path);
  return found === undefined ? local(localPath(path)) : inBucket(path, new BucketFiles(objectStore(found.bucket, get)));
}

const local = (folder: string): Destination => ({
  folder,
  exists: async () => existsSync(folder),
  removeFile: async () => {
    if ((await stat(folder)).isFile()) await unlink(folder);
  },
  below: async (root) => (await readdir(join(folder, root)).catch(() => [] as string[])).map((name) => join(root, name)),
  begin: (id) => WriteJob.begin(folder, id),
});

function inBucket(path: string, files: BucketFiles): Destination {
  const folder = files.absolute(path);
  const { key } = bucketPath(folder)!;
  const prefix = key === '' ? '' : `${key}/`;
  const keysBelow = async (from: string): Promise<string[]> => {
    const { objects, folders } = await files.client.list(from);
    return [...objects.map((o) => o.key), ...(await Promise.all(folders.map(keysBelow))).flat()];
  };
  return {
    folder,
    exists: async () => (await files.info(folder)) !== undefined,
    removeFile: async () => {
      if ((await files.info(folder))?.isFile) await files.client.delete(key);
    },
    below: async (root) => (await keysBelow(root === '.' ? prefix : `${prefix}${root}/`)).map((found) => found.slice(prefix.length)),
    begin: async (id) => new BucketJob(files, folder, id),
  };
}
