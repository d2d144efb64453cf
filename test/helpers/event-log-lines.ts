// Prints the lines of event logs, files and rolling folders, plain or zstd of many frames: `node event-log-lines.ts <folder of logs>`.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';

const partsOf = (path: string): string[] =>
  statSync(path).isDirectory()
    ? readdirSync(path)
        .filter((name) => name.startsWith('events_'))
        .sort((a, b) => Number(a.split('_')[1]) - Number(b.split('_')[1]))
        .map((name) => join(path, name))
    : [path];

function textOf(path: string): string {
  let bytes = readFileSync(path);
  if (!path.replace(/\.inprogress$/, '').endsWith('.zstd')) return bytes.toString('utf8');
  let text = '';
  while (bytes.length > 0) {
    const { buffer, engine } = zstdDecompressSync(bytes, { info: true }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
    text += buffer.toString('utf8');
    bytes = bytes.subarray(engine.bytesWritten);
  }
  return text;
}

for (const name of readdirSync(process.argv[2]!))
  for (const part of partsOf(join(process.argv[2]!, name))) process.stdout.write(textOf(part));
