// Files of submitters of other hosts: piece by piece over real connections, broken off and gone on with, checked, bounded, removed.
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ApplicationId } from '../../../../src/common/ids.ts';
import { removeTree } from '../../../../src/platform/remove-tree.ts';
import { NetTransport } from '../../../../src/platform/net-transport.ts';
import { StagedFetch } from '../../../../src/nodemanager/service/staged-fetch.ts';
import { StagedFiles } from '../../../../src/resourcemanager/service/staged-files.ts';
import { acceptChannel, connectPeer } from '../../../../src/rpc/connect.ts';
import { stagingGet, stagingPut } from '../../../../src/rpc/messages/staging.ts';
import { Peer } from '../../../../src/rpc/peer.ts';
import { sendStaged } from '../../../../src/rpc/send-staged.ts';
import type { Listener } from '../../../../src/rpc/transport.ts';

const MB = 1024 ** 2;
const APP = 'application_1700000000000_0001' as ApplicationId;
const shaOf = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');
let dir: string;
let staged: StagedFiles;
let listener: Listener;
/** Answers after which the next connection breaks; 0: none does. */
let breakAfter = 0;
let pieces = 0;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'staged-'));
  staged = new StagedFiles(join(dir, 'staging'), { maxBytes: 8 * MB, maxBytesPerUser: 7 * MB, remove: (path) => removeTree(path, dir) });
  [breakAfter, pieces] = [0, 0];
  listener = await new NetTransport().listen('tls:127.0.0.1:0', (stream) =>
    acceptChannel(
      stream,
      'the ResourceManager',
      () => 'secret',
      (channel, id) => {
        const peer = new Peer(channel, id);
        const counted = async <T>(answer: Promise<T>): Promise<T> => {
          const done = await answer;
          if (++pieces === breakAfter) peer.channel.destroy('the network is away');
          return done;
        };
        peer.serve(stagingPut, (request) => counted(staged.put(request, id)));
        peer.serve(stagingGet, (request) => counted(staged.get(request)));
      },
    ),
  );
});
afterEach(async () => {
  await listener.close();
  rmSync(dir, { recursive: true, force: true });
});

const open = () => connectPeer(new NetTransport(), listener.address, 'the ResourceManager', { id: 'client:ann', secret: 'secret' });
function file(content: Uint8Array): { path: string; sha256: string; sizeBytes: number } {
  const path = join(dir, shaOf(content).slice(0, 8));
  writeFileSync(path, content);
  return { path, sha256: shaOf(content), sizeBytes: content.length };
}
async function send(...files: ReturnType<typeof file>[]): Promise<void> {
  const rm = await open();
  await sendStaged({ rm, reconnect: open }, APP, files).finally(() => rm.close());
}
async function fetched(sha256: string): Promise<Buffer> {
  const to = join(dir, 'fetched');
  await new StagedFetch(open, 2_000).fetch(APP, sha256, to);
  return readFileSync(to);
}

describe('files of submitters of other hosts', () => {
  it('come whole to the nodes, empty ones too, and nothing is sent twice', async () => {
    const large = file(randomBytes(3_500_000));
    const empty = file(new Uint8Array());
    await send(large, empty);
    expect(pieces).toBe(1 + 4 + 1);
    expect(shaOf(await fetched(large.sha256))).toBe(large.sha256);
    expect((await fetched(empty.sha256)).length).toBe(0);
    pieces = 0;
    await send(large);
    expect(pieces).toBe(1);
  });

  it('go on where they were when the connection breaks, both ways', async () => {
    const large = file(randomBytes(3_500_000));
    breakAfter = 3; // the question and two pieces
    await send(large);
    expect(pieces).toBe(3 + 1 + 2);
    [pieces, breakAfter] = [0, 2];
    expect(shaOf(await fetched(large.sha256))).toBe(large.sha256);
    expect(pieces).toBe(2 + 3); // the answer that was lost is asked for again
  });

  it('are refused when their content is not what was announced', async () => {
    const one = file(Buffer.from('as announced'));
    writeFileSync(one.path, 'another one!');
    await expect(send(one)).rejects.toMatchObject({ code: 'LOCALIZATION_FAILED' });
    expect(readdirSync(join(dir, 'staging', APP))).toEqual([]);
  });

  it('are refused above the limit, with the figures; what is there stays', async () => {
    const first = file(randomBytes(6 * 1024 ** 2));
    await send(first);
    await expect(send(file(randomBytes(3 * 1024 ** 2)))).rejects.toMatchObject({
      code: 'STAGING_FULL',
      message: 'The ResourceManager has no room for a file of 3.0 MiB: applications have 6.0 MiB of 8.0 MiB there.',
    });
    expect(shaOf(await fetched(first.sha256))).toBe(first.sha256);
  });

  it('that are begun count whole: many at once can not take more than there is, nor grow later', async () => {
    const begin = (sha: string, sizeBytes: number, user = 'ann', app = APP) =>
      staged.put({ applicationId: app, sha256: sha.repeat(64), sizeBytes, offset: 0, data: Uint8Array.of(1) }, user);
    await begin('a', 5 * MB);
    await expect(begin('b', 4 * MB)).rejects.toMatchObject({ code: 'STAGING_FULL' });
    await begin('c', 2 * MB);
    const more = { applicationId: APP, sha256: 'c'.repeat(64), sizeBytes: 9 * MB, offset: 1, data: Uint8Array.of(1) };
    await expect(staged.put(more, 'ann')).rejects.toMatchObject({ code: 'STAGING_FULL' });
  });

  it('of one user are bounded, too, and nobody adds to those of another', async () => {
    const put = (user: string, sizeBytes: number, app = APP) =>
      staged.put({ applicationId: app, sha256: 'd'.repeat(64), sizeBytes, offset: 0, data: Uint8Array.of(1) }, user);
    await expect(put('ann', 7.5 * MB)).rejects.toMatchObject({ code: 'STAGING_FULL', params: { user: 'ann', maxBytes: 7 * MB } });
    await put('ann', MB);
    await expect(put('mallory', MB)).rejects.toMatchObject({ code: 'STAGING_REFUSED' });
    await put('mallory', MB, 'application_1700000000000_0002' as ApplicationId);
  });

  it('have names that lead nowhere else, and are said to be missing when they are', async () => {
    const put = { applicationId: APP, sizeBytes: 1, offset: 0, data: Uint8Array.of(1) };
    await expect(staged.put({ ...put, sha256: '../../../etc/passwd' }, 'ann')).rejects.toMatchObject({
      code: 'STAGING_REFUSED',
    });
    await expect(fetched('ab'.repeat(32))).rejects.toMatchObject({ code: 'STAGED_FILE_MISSING' });
  });

  it('of applications that nobody knows are swept away after an hour', async () => {
    const [known, forgotten, young] = [1, 2, 3].map((n) => `application_1700000000000_000${n}` as ApplicationId);
    const now = Date.now();
    for (const id of [known!, forgotten!, young!]) mkdirSync(join(dir, 'staging', id), { recursive: true });
    for (const id of [known!, forgotten!]) utimesSync(join(dir, 'staging', id), now / 1000 - 7200, now / 1000 - 7200);
    await staged.sweep((id) => id === known, now);
    expect([known, forgotten, young].map((id) => existsSync(join(dir, 'staging', id!)))).toEqual([true, false, true]);
  });
});
