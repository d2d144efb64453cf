import { duplexPair } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { acceptProof, offerProof } from '../../../src/rpc/auth.ts';
import { Channel } from '../../../src/rpc/channel.ts';

function pair() {
  const [left, right] = duplexPair();
  return { client: new Channel(left), server: new Channel(right) };
}

describe('mutual proof of a secret', () => {
  it('lets in who knows the secret, and says who it is', async () => {
    const { client, server } = pair();
    const [id] = await Promise.all([
      acceptProof(server, 'a client', (who) => (who === 'nm:n1' ? 's3cret' : undefined)),
      offerProof(client, 'the RM', 'nm:n1', 's3cret'),
    ]);
    expect(id).toBe('nm:n1');
    const heard = new Promise((resolve) => {
      server.onControl = resolve;
    });
    client.send({ after: 'proof' });
    expect(await heard).toEqual({ after: 'proof' });
  });

  it('loses nothing that the server sends in the same breath as its answer', async () => {
    const { client, server } = pair();
    void acceptProof(server, 'a client', () => 's').then(() => {
      server.send({ n: 1 });
      server.sendBinary(Buffer.from('two'));
    });
    await offerProof(client, 'the RM', 'nm:n1', 's');
    await Promise.resolve();
    const seen: unknown[] = [];
    client.onControl = (m) => seen.push(m);
    client.onBinary = (b) => seen.push(b.toString());
    for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
    expect(seen).toEqual([{ n: 1 }, 'two']);
  });

  it.each([
    ['another secret', 'nm:n1', 'wrong'],
    ['an unknown id', 'nm:n2', 's3cret'],
  ])('turns away %s on both sides', async (_, id, secret) => {
    const { client, server } = pair();
    const results = await Promise.allSettled([
      acceptProof(server, 'a client', (who) => (who === 'nm:n1' ? 's3cret' : undefined)),
      offerProof(client, 'the RM', id, secret),
    ]);
    expect(results.map((r) => r.status)).toEqual(['rejected', 'rejected']);
    expect((results[1] as PromiseRejectedResult).reason.code).toBe('AUTH_REFUSED');
    expect(client.closed && server.closed).toBe(true);
  });

  it('does not call it a refusal when the server ends, or says nothing, before it has answered', async () => {
    for (const afterHi of [false, true]) {
      const { client, server } = pair();
      const proof = offerProof(client, 'the RM', 'nm:n1', 's3cret', 'unix:/rm.sock');
      if (afterHi) {
        server.onBinary = () => server.destroy('killed');
        server.sendBinary(Buffer.concat([Buffer.of(1, 1), Buffer.alloc(16)]));
      } else server.destroy('killed');
      await expect(proof).rejects.toMatchObject({ code: 'CONNECT_FAILED', message: expect.stringContaining('unix:/rm.sock') });
    }
    vi.useFakeTimers();
    const { client } = pair();
    const proof = offerProof(client, 'the RM', 'nm:n1', 's3cret', 'unix:/rm.sock');
    vi.advanceTimersByTime(5_000);
    vi.useRealTimers();
    await expect(proof).rejects.toMatchObject({ code: 'CONNECT_FAILED', message: expect.stringContaining('it said nothing in 5000 ms') });
  });

  it('turns away a message before the proof, text, and a proof of the wrong shape', async () => {
    for (const send of [
      (c: Channel) => c.send({ k: 'q', id: 1, m: 'cluster.info', v: 1, b: {} }),
      (c: Channel) => c.sendBinary(Buffer.from('hello')),
      (c: Channel) => c.sendBinary(Buffer.alloc(49, 2)),
      (c: Channel) => c.sendBinary(Buffer.alloc(400, 2)),
      (c: Channel) => c.sendBinary(Buffer.alloc(0)),
    ]) {
      const { client, server } = pair();
      const proof = acceptProof(server, 'a client', () => 's3cret');
      send(client);
      await expect(proof).rejects.toThrow(/refused the proof/);
    }
  });

  it('does not accept a server that only reflects the challenge', async () => {
    const { client, server } = pair();
    server.onBinary = (frame) => server.sendBinary(Buffer.concat([Buffer.of(3), frame.subarray(17, 49)]));
    server.sendBinary(Buffer.concat([Buffer.of(1, 1), Buffer.alloc(16)]));
    await expect(offerProof(client, 'the RM', 'nm:n1', 's3cret')).rejects.toThrow(/refused the proof/);
  });

  it('bounds frames to 64 KiB until the proof is given', async () => {
    const { client, server } = pair();
    const proof = acceptProof(server, 'a client', () => 's3cret');
    client.sendBinary(Buffer.alloc(70_000));
    await expect(proof).rejects.toThrow();
    expect(server.closed).toBe(true);
  });
});
