import { Readable } from 'node:stream';
import { constants, createZstdDecompress, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { Prng } from '../../../../src/common/prng.ts';
import { cutAtFrames, FrameCutter } from '../../../../src/history/service/zstd-frames.ts';

async function unpack(chunks: Buffer[]): Promise<string> {
  let text = '';
  for await (const piece of Readable.from(cutAtFrames(Readable.from(chunks))).pipe(createZstdDecompress())) text += piece;
  return text;
}

test('frames of all kinds in chunks of any size: nothing is lost', async () => {
  const prng = new Prng(7);
  const texts = Array.from({ length: 24 }, (_, i) =>
    i % 5 === 0
      ? ''
      : i % 7 === 0
        ? 'z'.repeat(200_000)
        : Array.from({ length: 1 + prng.int(800) }, () => prng.int(1e9).toString(36)).join(),
  );
  const skippable = Buffer.from([0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
  const frames = texts.flatMap((text, i) => {
    const frame = zstdCompressSync(text, {
      params: { [constants.ZSTD_c_checksumFlag]: i % 2, [constants.ZSTD_c_contentSizeFlag]: i % 3 === 0 ? 1 : 0 },
    });
    return i % 6 === 0 ? [frame, skippable] : [frame];
  });
  const whole = Buffer.concat(frames);
  for (const size of [11, 1_000, whole.length]) {
    const chunks: Buffer[] = [];
    for (let at = 0; at < whole.length; at += size) chunks.push(whole.subarray(at, at + size));
    expect(await unpack(chunks), `chunks of ${size}`).toBe(texts.join(''));
  }
  expect(new FrameCutter().cut(whole).map((piece) => piece.length)).toEqual(frames.map((frame) => frame.length));
});

test('what is no zstd is passed on whole: the decompressor refuses it', () => {
  expect(new FrameCutter().cut(Buffer.from('no zstd, no zstd')).map(String)).toEqual(['no zstd, no zstd']);
});
