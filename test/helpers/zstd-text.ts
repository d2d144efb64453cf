// Text of a file of concatenated zstd frames, as Spark reads it: Node.js decompresses only the first frame of what it is given.
import { readFileSync } from 'node:fs';
import { zstdDecompressSync } from 'node:zlib';

export function zstdText(path: string): string {
  let bytes = readFileSync(path);
  let text = '';
  while (bytes.length > 0) {
    const { buffer, engine } = zstdDecompressSync(bytes, { info: true }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
    text += buffer.toString('utf8');
    bytes = bytes.subarray(engine.bytesWritten);
  }
  return text;
}
