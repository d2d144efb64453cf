// A flood costs whoever makes it, and nobody else.
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { ConnectionGate } from '../../../src/rpc/connection-gate.ts';
import { userSecret } from '../../../src/rpc/user-secret.ts';

const from = (remoteAddress?: string) => Object.assign(new PassThrough(), remoteAddress === undefined ? {} : { remoteAddress });
const closed = async (stream: PassThrough) => {
  stream.destroy();
  await new Promise((resolve) => stream.once('close', resolve));
};

describe('the gate of a listener', () => {
  it('closes what is over the limit of all, and takes more when some have gone', async () => {
    const gate = new ConnectionGate({ max: 2, maxUnproven: 10, maxPerIdentity: 10 });
    const [a, b, c] = [from(), from(), from()];
    expect([gate.enter(a), gate.enter(b), gate.enter(c)]).toEqual([true, true, false]);
    expect(c.destroyed).toBe(true);
    await closed(a);
    expect(gate.enter(from())).toBe(true);
    expect(gate.refused).toBe(1);
  });

  it('keeps places for those who prove themselves when many say nothing', () => {
    const gate = new ConnectionGate({ max: 100, maxUnproven: 3, maxPerIdentity: 10 });
    const streams = [from(), from(), from()];
    for (const stream of streams) expect(gate.enter(stream)).toBe(true);
    expect(gate.enter(from())).toBe(false);
    gate.proven(streams[0]!, 'client:ann');
    expect(gate.enter(from())).toBe(true);
    expect(gate.counts).toEqual({ open: 4, unproven: 3 });
  });

  it('does not let one host take all unproven places', () => {
    const gate = new ConnectionGate({ max: 100, maxUnproven: 10, maxPerIdentity: 10 });
    for (let i = 0; i < 9; i++) expect(gate.enter(from('10.0.0.1'))).toBe(true);
    expect(gate.enter(from('::ffff:10.0.0.1'))).toBe(false);
    expect(gate.enter(from('10.0.0.2'))).toBe(true);
  });

  it('counts connections of one identity, and forgets those that have gone', async () => {
    const gate = new ConnectionGate({ max: 100, maxUnproven: 10, maxPerIdentity: 1 });
    const [a, b] = [from(), from()];
    gate.enter(a);
    gate.enter(b);
    expect([gate.proven(a, 'client:ann'), gate.proven(b, 'client:ann')]).toEqual([true, false]);
    await closed(a);
    const c = from();
    gate.enter(c);
    expect(gate.proven(c, 'client:ann')).toBe(true);
  });
});

describe('secrets of users', () => {
  it('differ by cluster, user and generation, and names can’t run into numbers', () => {
    const all = [
      userSecret('a', 'ann', 1),
      userSecret('b', 'ann', 1),
      userSecret('a', 'bob', 1),
      userSecret('a', 'ann', 2),
      userSecret('a', '1|ann', 2),
      userSecret('a', 'ann', 21),
    ];
    expect(new Set(all).size).toBe(all.length);
  });
});
