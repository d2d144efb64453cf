// Text files in compressions that the kernel does not read, as files without: bzip2, zlib (Hadoop's `.deflate`), and Hadoop's lz4 and snappy.
// Source: Hadoop's CompressionCodecFactory, which goes by the file's name.
import { buffer } from 'node:stream/consumers';
import { createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { unpackedHadoop } from '../../../platform/codecs/hadoop-blocks.ts';
import { unpackedBzip2 } from '../../../common/unpack-bzip2.ts';
import { copyOf } from './copies.ts';
import { bytesOf } from './file-systems/find-file-system.ts';
import type { ListedFile } from './list-files.ts';

type Unpack = (file: ListedFile) => AsyncIterable<Buffer>;

const UNPACK: Readonly<Record<string, Unpack>> = {
  '.bz2': async function* (file) {
    yield* unpackedBzip2(await buffer(bytesOf(file)));
  },
  '.deflate': (file) => bytesOf(file).pipe(createInflate()),
  '.lz4': (file) => unpackedHadoop(bytesOf(file), 'lz4'),
  '.snappy': (file) => unpackedHadoop(bytesOf(file), 'snappy'),
};
/** The kernel's own: copied where it does not know the charset. */
const KERNELS: Readonly<Record<string, Unpack>> = {
  '.gz': (file) => bytesOf(file).pipe(createGunzip()),
  '.zst': (file) => bytesOf(file).pipe(createZstdDecompress()),
};

/** `codec`: the end of the file's name. */
export type UnpackStep = { readonly kind: 'unpacked'; readonly codec: string };

/** @returns undefined: the file may stay as it is */
export const unpackStep = (codec: string, isUtf8: boolean): UnpackStep | undefined =>
  codec in UNPACK || (!isUtf8 && codec in KERNELS) ? { kind: 'unpacked', codec } : undefined;

/** @throws what is wrong with its bytes, at the end of the promise */
export function unpackedCopy(file: ListedFile, step: UnpackStep): Promise<ListedFile> {
  const unpack = UNPACK[step.codec] ?? KERNELS[step.codec]!;
  return copyOf(file, step, () => unpack(file));
}
