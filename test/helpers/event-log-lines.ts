// Prints the lines of event logs, files and rolling folders, plain or zstd of many frames: `node event-log-lines.ts <folder of logs>`.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { zstdText } from './zstd-text.ts';

const partsOf = (path: string): string[] =>
  statSync(path).isDirectory()
    ? readdirSync(path)
        .filter((name) => name.startsWith('events_'))
        .sort((a, b) => Number(a.split('_')[1]) - Number(b.split('_')[1]))
        .map((name) => join(path, name))
    : [path];

const textOf = (path: string): string =>
  path.replace(/\.inprogress$/, '').endsWith('.zstd') ? zstdText(path) : readFileSync(path, 'utf8');

for (const name of readdirSync(process.argv[2]!))
  for (const part of partsOf(join(process.argv[2]!, name))) process.stdout.write(textOf(part));
