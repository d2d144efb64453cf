// Writes a folder as a tar, the same bytes for the same content: names in order, no times, owners or other traces of who packed it, so that
// its hash is the same from everywhere. Source: POSIX.1-2001, ustar headers, pax headers for long names. Reading is unpack-tar.ts.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, open, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';

const BLOCK = 512;
type Kind = '0' | '2' | '5' | 'x';
type Entry = { readonly name: string; readonly kind: Kind; readonly mode: number; readonly size: number; readonly link?: string };

/** @returns SHA-256 as hex, and bytes, of the tar @throws Error of the file system */
export async function packTar(folder: string, file: string): Promise<{ sha256: string; sizeBytes: number }> {
  const out = await open(file, 'wx', 0o600);
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const write = async (bytes: Uint8Array): Promise<void> => {
    hash.update(bytes);
    sizeBytes += bytes.length;
    await out.writeFile(bytes); // appends where the last ended
  };
  try {
    await writeFolder(folder, '', write);
    await write(new Uint8Array(2 * BLOCK));
  } finally {
    await out.close();
  }
  return { sha256: hash.digest('hex'), sizeBytes };
}

type Write = (bytes: Uint8Array) => Promise<void>;

/** Links are not followed: what they lead to has a place of its own, or is not ours. */
async function writeFolder(folder: string, prefix: string, write: Write): Promise<void> {
  for (const name of (await readdir(folder)).sort()) await writeEntry(join(folder, name), prefix + name, write);
}

async function writeEntry(path: string, name: string, write: Write): Promise<void> {
  const stat = await lstat(path);
  if (stat.isDirectory()) {
    await writeHeader({ name: `${name}/`, kind: '5', mode: 0o755, size: 0 }, write);
    return writeFolder(path, `${name}/`, write);
  }
  if (stat.isSymbolicLink()) return writeHeader({ name, kind: '2', mode: 0o777, size: 0, link: await readlink(path) }, write);
  if (!stat.isFile()) return; // a socket or a pipe has no content to travel
  await writeHeader({ name, kind: '0', mode: stat.mode & 0o111 ? 0o755 : 0o644, size: stat.size }, write);
  let written = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) {
    written += chunk.length;
    await write(chunk);
  }
  if (written !== stat.size) throw new Error(`${path} was changed while it was read`);
  await write(new Uint8Array((BLOCK - (written % BLOCK)) % BLOCK));
}

async function writeHeader(entry: Entry, write: Write): Promise<void> {
  const { name, link = '' } = entry;
  const long = Buffer.byteLength(name) > 100 || Buffer.byteLength(link) > 100;
  if (long) {
    const records = Buffer.from(paxRecord('path', name) + (link === '' ? '' : paxRecord('linkpath', link)));
    await write(header({ name: 'pax', kind: 'x', mode: 0o644, size: records.length }));
    await write(records);
    await write(new Uint8Array((BLOCK - (records.length % BLOCK)) % BLOCK));
  }
  await write(header(entry));
}

/** `<length> key=value\n`, the length counting itself. */
function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const bytes = Buffer.byteLength(rest);
  let length = bytes + 1;
  while (String(length).length + bytes !== length) length = String(length).length + bytes;
  return `${length}${rest}`;
}

function header({ name, kind, mode, size, link = '' }: Entry): Buffer {
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, digits: number) => block.write(value.toString(8).padStart(digits, '0'), at, 'latin1');
  block.write(name, 0, 100); // a longer one stands in the pax header before
  octal(mode, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  octal(size, 124, 11);
  octal(0, 136, 11);
  block.fill(' ', 148, 156);
  block.write(kind, 156);
  block.write(link, 157, 100);
  block.write('ustar\0' + '00', 257, 'latin1');
  octal(
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    6,
  );
  block[154] = 0;
  return block;
}
