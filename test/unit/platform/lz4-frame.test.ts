// Frames of LZ4: those of pyarrow with blocks that refer to each other, ours there and back, and damaged ones.
import { describe, expect, it } from 'vitest';
import { packLz4Frame, unpackLz4Frame } from '../../../src/platform/codecs/blocks.ts';

const text = Buffer.from(Array.from({ length: 40_000 }, (_, i) => `${i % 1000} of many `).join(''));

describe('a frame of LZ4', () => {
  it.each([1, 8, 64, text.length])('is unpacked as it was packed: %d bytes', (length) => {
    expect(unpackLz4Frame(packLz4Frame(text.subarray(0, length))).equals(text.subarray(0, length))).toBe(true);
  });

  it('of several blocks, packed or not', () => {
    const noise = Buffer.from(Array.from({ length: 9 << 20 }, (_, i) => (Math.imul(i, 0x9e3779b1) >>> 13) & 255));
    const all = Buffer.concat([noise, text]);
    expect(unpackLz4Frame(packLz4Frame(all)).equals(all)).toBe(true);
  });

  // pyarrow.compress(b'abcdefgh' * 9000, codec='lz4')
  it('of linked blocks', () => {
    const frame = Buffer.from(LINKED, 'base64');
    expect(unpackLz4Frame(frame).toString()).toBe('abcdefgh'.repeat(9000));
  });

  it('that is damaged is an error', () => {
    const frame = packLz4Frame(text.subarray(0, 500));
    expect(() => unpackLz4Frame(frame.subarray(0, 40))).toThrow();
    expect(() => unpackLz4Frame(Buffer.from('no frame'))).toThrow();
  });
});

const LINKED =
  'BCJNGEBAwBIBAACPYWJjZGVmZ2gIAP/////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////gUGRlZmdoIwAAAA8IAP////////////////////////////////9BUGRlZmdoAAAAAA==';
