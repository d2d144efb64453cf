// Text files in compressions that the kernel does not read, as files without: bzip2, zlib (Hadoop's `.deflate`), and Hadoop's lz4 and snappy.
// Source: Hadoop's CompressionCodecFactory, which goes by the file's name.
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { unpackedHadoop } from '../../../common/hadoop-blocks.ts';
import { unpackedBzip2 } from '../../../common/unpack-bzip2.ts';
import { copyOf } from './copies.ts';
import type { ListedFile } from './list-files.ts';

type Unpack = (path: string) => AsyncIterable<Buffer>;

const UNPACK: Readonly<Record<string, Unpack>> = {
  '.bz2': async function* (path) {
    yield* unpackedBzip2(await readFile(path));
  },
  '.deflate': (path) => createReadStream(path).pipe(createInflate()),
  '.lz4': (path) => unpackedHadoop(createReadStream(path), 'lz4'),
  '.snappy': (path) => unpackedHadoop(createReadStream(path), 'snappy'),
};
/** The kernel's own: copied where it does not know the charset. */
const KERNELS: Readonly<Record<string, Unpack>> = {
  '.gz': (path) => createReadStream(path).pipe(createGunzip()),
  '.zst': (path) => createReadStream(path).pipe(createZstdDecompress()),
};

/** @param codec the end of the file's name. @returns undefined: it may stay as it is. @throws what is wrong with its bytes, at the end of the promise */
export function unpackedCopy(file: ListedFile, codec: string, isUtf8: boolean): Promise<ListedFile> | undefined {
  const unpack = UNPACK[codec] ?? (isUtf8 ? undefined : KERNELS[codec]);
  return unpack && copyOf(file, ['unpacked'], () => unpack(file.path));
}
