import { duplexPair } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/common/errors.ts';
import { object, text, whole } from '../../../src/common/shape.ts';
import { Channel } from '../../../src/rpc/channel.ts';
import { definePush, defineRpc } from '../../../src/rpc/define-rpc.ts';
import { Peer } from '../../../src/rpc/peer.ts';

const double = defineRpc({
  name: 'test.double',
  version: 1,
  from: 'a',
  to: 'b',
  doc: '',
  timeoutMs: 200,
  safeToRepeat: true,
  request: object({ n: whole }),
  reply: object({ twice: whole }),
  errors: ['QUEUE_UNKNOWN'],
});
const note = definePush({ name: 'test.note', version: 1, from: 'a', to: 'b', doc: '', body: object({ text }) });

function peers() {
  const [left, right] = duplexPair();
  return { a: new Peer(new Channel(left), 'b'), b: new Peer(new Channel(right), 'a') };
}

describe('peer', () => {
  it('answers requests, from a value or a promise', async () => {
    const { a, b } = peers();
    b.serve(double, ({ n }) => ({ twice: n * 2 }));
    a.serve(double, async ({ n }) => ({ twice: n * 2 }));
    expect(await a.call(double, { n: 4 })).toEqual({ twice: 8 });
    expect(await b.call(double, { n: 5 })).toEqual({ twice: 10 });
  });

  it('names the field of a request that has the wrong shape', async () => {
    const { a, b } = peers();
    b.serve(double, () => ({ twice: 0 }));
    await expect(a.call(double, { n: 'x' } as never)).rejects.toThrow('test.double was refused: n: expected a whole number ≥ 0, got "x"');
  });

  it('carries an operating error with its parameters', async () => {
    const { a, b } = peers();
    b.serve(double, () => {
      throw new AppError('QUEUE_UNKNOWN', { queue: 'etl', leaves: 'root.default' });
    });
    const error = await a.call(double, { n: 1 }).catch((e) => e);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: 'QUEUE_UNKNOWN', params: { queue: 'etl', leaves: 'root.default' }, exitCode: 1 });
  });

  it('says UNKNOWN_MESSAGE for what nobody serves, and RPC_TIMEOUT for silence', async () => {
    const { a, b } = peers();
    await expect(a.call(double, { n: 1 })).rejects.toMatchObject({ code: 'UNKNOWN_MESSAGE' });
    b.serve(double, () => new Promise(() => {}));
    await expect(a.call(double, { n: 1 }, 20)).rejects.toMatchObject({ code: 'RPC_TIMEOUT' });
  });

  it('fails what waits when the connection goes', async () => {
    const { a, b } = peers();
    b.serve(double, () => new Promise(() => {}));
    const call = a.call(double, { n: 1 });
    b.channel.destroy('gone');
    await expect(call).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    await expect(a.call(double, { n: 1 })).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  });

  it('hears pushes of the right shape and reports the others', async () => {
    const { a, b } = peers();
    const heard: string[] = [];
    const faults: string[] = [];
    b.on(note, (m) => heard.push(m.text));
    b.onFault = (f) => faults.push(f);
    a.push(note, { text: 'hello' });
    a.push(note, { text: 5 } as never);
    await new Promise((resolve) => setImmediate(resolve));
    expect(heard).toEqual(['hello']);
    expect(faults).toEqual(['test.note: text: expected text, got 5']);
  });

  it('lets the caller take in a reply before a push that came with it', async () => {
    const { a, b } = peers();
    const order: string[] = [];
    a.on(note, (m) => order.push(m.text));
    b.serve(double, ({ n }) => {
      process.nextTick(() => b.push(note, { text: 'push' }));
      return { twice: n };
    });
    const caller = async () => {
      await a.call(double, { n: 1 });
      await Promise.resolve();
      order.push('reply');
    };
    await caller();
    for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
    expect(order).toEqual(['reply', 'push']);
  });

  it.each([5, null, 'x', { k: 'z' }, { k: 'q', id: 'x' }])('drops a peer that sends %j', async (message) => {
    const { a, b } = peers();
    a.channel.send(message);
    await new Promise((resolve) => setImmediate(resolve));
    expect(b.closed).toBe(true);
  });
});
