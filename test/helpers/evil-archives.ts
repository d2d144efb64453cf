// Archives that try to leave their folder (bad-*), and ones with links that stay inside (good.*), written byte by byte: no tool makes them.
//   node test/helpers/evil-archives.ts <folder> <path that nothing may write to>
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, gzipSync } from 'node:zlib';

type Entry = { name: string; text?: string; link?: string; hard?: boolean; folder?: boolean };

/** Source: POSIX ustar. */
function tar(entries: Entry[]): Buffer {
  const blocks = entries.flatMap(({ name, text = '', link = '', hard = false, folder = false }) => {
    const head = Buffer.alloc(512);
    const body = Buffer.from(link === '' && !folder ? text : '');
    head.write(name, 0);
    head.write(folder ? '0000755\0' : '0000644\0', 100);
    head.write('0000000\0'.repeat(2), 108);
    head.write(`${body.length.toString(8).padStart(11, '0')}\0`, 124);
    head.write('00000000000\0', 136);
    head.write('        ', 148);
    head.write(folder ? '5' : link === '' ? '0' : hard ? '1' : '2', 156);
    head.write(link, 157);
    head.write('ustar\x0000', 257);
    const sum = head.reduce((total, byte) => total + byte, 0);
    head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [head, body, Buffer.alloc((512 - (body.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

/** Source: PKWARE's APPNOTE; stored entries, Unix attributes so that links are links. */
function zip(entries: Entry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, text = '', link, folder = false } of entries) {
    const path = Buffer.from(folder ? `${name}/` : name);
    const body = Buffer.from(link ?? (folder ? '' : text));
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc32(body), 10);
    common.writeUInt32LE(body.length, 14);
    common.writeUInt32LE(body.length, 18);
    common.writeUInt16LE(path.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, path, body]);
    const mode = link !== undefined ? 0o120777 : folder ? 0o40755 : 0o100644;
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE((mode << 16) >>> 0, 6);
    tail.writeUInt32LE(at, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 3]), common, tail, path]));
    parts.push(local);
    at += local.length;
  }
  const end = Buffer.alloc(18);
  const list = Buffer.concat(directory);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(list.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...parts, list, Buffer.from('PK\x05\x06'), end]);
}

const [folder = '.', outside = '/tmp/escaped'] = process.argv.slice(2);
const fine: Entry = { name: 'hello.txt', text: 'hello from the archive\n' };
const BAD: Record<string, Entry[]> = {
  'dot-dot': [fine, { name: '../../../../../../escaped', text: 'out' }],
  'inner-dot-dot': [fine, { name: 'a/../../../escaped', text: 'out' }],
  absolute: [fine, { name: outside, text: 'out' }],
  'link-absolute': [fine, { name: 'etc', link: '/etc' }],
  'link-up': [fine, { name: 'up', link: '../../..' }],
  'through-link': [fine, { name: 'door', link: join(outside, '..') }, { name: 'door/escaped', text: 'out' }],
  'hard-link': [fine, { name: 'passwd', link: '/etc/passwd', hard: true }],
};
for (const [name, entries] of Object.entries(BAD)) {
  writeFileSync(join(folder, `bad-${name}.tar`), tar(entries));
  if (name === 'dot-dot') writeFileSync(join(folder, `bad-${name}.tgz`), gzipSync(tar(entries)));
  if (name !== 'hard-link') writeFileSync(join(folder, `bad-${name}.zip`), zip(entries));
}
const good: Entry[] = [
  { name: 'inner', folder: true },
  { ...fine, name: 'inner/hello.txt' },
  { name: 'link.txt', link: 'inner/hello.txt' },
];
writeFileSync(join(folder, 'good.tar'), tar(good));
writeFileSync(join(folder, 'good.tar.gz'), gzipSync(tar(good)));
writeFileSync(join(folder, 'good.zip'), zip(good));
