import { duplexPair } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Channel } from '../../../src/rpc/channel.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

function pair(maxFrameBytes?: number) {
  const [left, right] = duplexPair();
  return { a: new Channel(left), b: new Channel(right, maxFrameBytes), raw: left };
}

/** Everything that channel `a` writes for some messages, as bytes. */
async function bytesOf(send: (c: Channel) => void): Promise<Buffer> {
  const [left, right] = duplexPair();
  const chunks: Buffer[] = [];
  right.on('data', (c: Buffer) => chunks.push(c));
  send(new Channel(left));
  await turn();
  await turn();
  return Buffer.concat(chunks);
}

describe('channel', () => {
  it('carries control values and binary bodies in order', async () => {
    const { a, b } = pair();
    const seen: unknown[] = [];
    b.onControl = (m) => seen.push(m);
    b.onBinary = (body) => seen.push(body.toString());
    a.send({ t: 'one', n: 1 });
    a.sendBinary(Buffer.from('two'));
    a.send([3, 'three']);
    await turn();
    expect(seen).toEqual([{ t: 'one', n: 1 }, 'two', [3, 'three']]);
  });

  it('reads the same frames however the bytes are cut', async () => {
    const wire = await bytesOf((c) => {
      c.send({ hello: 'world' });
      c.sendBinary(Buffer.alloc(0));
      c.sendBinary(Buffer.from('abc'));
    });
    for (let cut = 1; cut < wire.length; cut++) {
      const { b, raw } = pair();
      const seen: unknown[] = [];
      b.onControl = (m) => seen.push(m);
      b.onBinary = (body) => seen.push(body.toString());
      raw.write(wire.subarray(0, cut));
      await turn();
      raw.write(wire.subarray(cut));
      await turn();
      expect(seen).toEqual([{ hello: 'world' }, '', 'abc']);
    }
  });

  it('passes large bodies and keeps the order around them', async () => {
    const { a, b } = pair();
    const seen: number[] = [];
    b.onBinary = (body) => seen.push(body.length);
    for (const size of [10, 20_000, 5, 300_000, 0, 16_384, 16_385]) a.sendBinary(Buffer.alloc(size));
    for (let i = 0; i < 50 && seen.length < 7; i++) await turn();
    expect(seen).toEqual([10, 20_000, 5, 300_000, 0, 16_384, 16_385]);
  });

  it.each([
    ['a frame above the limit', Buffer.from([0xff, 0xff, 0xff, 0x7f, 0])],
    ['an unknown kind', Buffer.from([1, 0, 0, 0, 9, 0])],
    ['a control frame that is not msgpack', Buffer.from([2, 0, 0, 0, 0, 0xd9, 0x20])],
  ])('drops a peer that sends %s, and allocates nothing for it', async (_, bytes) => {
    const { b, raw } = pair(1_000);
    let reason = '';
    b.onClose = (why) => {
      reason = why;
    };
    raw.write(bytes);
    await turn();
    expect(reason).toMatch(/frame/);
    expect(b.closed).toBe(true);
  });

  it('tells the sender to wait when the other side does not read, and wakes it', async () => {
    const { a, b } = pair();
    b.pause();
    let sent = 0;
    while (a.sendBinary(Buffer.alloc(1024 * 1024))) sent++;
    expect(sent).toBeLessThan(6);
    let woken = false;
    void a.drained().then(() => {
      woken = true;
    });
    await turn();
    expect(woken).toBe(false);
    b.resume();
    for (let i = 0; i < 100 && !woken; i++) await turn();
    expect(woken).toBe(true);
  });

  it.each([100, 20_000])('drops a peer that has stopped reading, when messages of %i bytes pile up', async (bytes) => {
    const { a, b } = pair();
    b.pause();
    const message = { text: 'x'.repeat(bytes) };
    let reason = '';
    a.onClose = (why) => {
      reason = why;
    };
    for (let sent = 0; sent < 300 * 1024 * 1024 && !a.closed; sent += bytes) a.send(message);
    expect(reason).toMatch(/does not read: \d+ bytes wait/);
  });

  it('says once that it is closed', async () => {
    const { a, b } = pair();
    let closes = 0;
    b.onClose = () => closes++;
    a.close();
    await turn();
    await turn();
    expect(closes).toBe(1);
    expect(b.send({})).toBe(false);
  });
});
