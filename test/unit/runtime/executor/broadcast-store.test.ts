// Broadcast variables between several executors' stores and the driver's own Broadcasts: who serves what, and what happens when a peer dies,
// answers wrong, or the broadcast goes away in the middle. The network is calls that take a turn of the event loop each.
import { beforeEach, expect, it } from 'vitest';
import { AppError } from '../../../../src/common/errors.ts';
import type { Logger } from '../../../../src/common/ports.ts';
import type { Peer } from '../../../../src/rpc/peer.ts';
import { Broadcasts } from '../../../../src/runtime/driver/service/broadcasts.ts';
import { type BroadcastLink, BroadcastStore } from '../../../../src/runtime/executor/broadcast-store.ts';
import { cutBroadcast, joinBroadcast } from '../../../../src/runtime/storage/broadcast-pieces.ts';
import { MemoryPool } from '../../../../src/runtime/storage/memory-pool.ts';

const PIECE = 1024;
const PIECES = 16;
const SIZE = PIECE * PIECES;
const ID = 3;
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** 0 ≤ x < 1, the same numbers for the same seed. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
const value = Uint8Array.from({ length: SIZE }, (_, i) => (i * 31 + (i >> 8)) & 255);
const cut = (bytes = value, compress = false) => cutBroadcast(bytes, { blockBytes: PIECE, compress, checksum: true });

type Executor = {
  readonly store: BroadcastStore;
  readonly pool: MemoryPool;
  readonly disconnect: () => void;
  asked: number;
  dead: boolean;
};
type Handlers = Map<string, (body: never) => unknown>;

let driver: Broadcasts;
let executors: Map<string, Executor>;
let warnings: string[];
/** What a peer's answer becomes on the way. */
let onTheWay: (from: string, index: number, piece: Uint8Array) => Uint8Array | Promise<Uint8Array>;
let driverCalls: string[];
let onDriverCall: () => void;

beforeEach(() => {
  driver = new Broadcasts();
  executors = new Map();
  warnings = [];
  driverCalls = [];
  onTheWay = (_from, _index, piece) => piece;
  onDriverCall = () => {};
});

function add(id: string, maxBytes = 10 * SIZE): Executor {
  const handlers: Handlers = new Map();
  const peer = {
    onClose: () => {},
    serve: ({ name }: { name: string }, handle: (body: never) => unknown) => handlers.set(name, handle),
    on: ({ name }: { name: string }, handle: (body: never) => unknown) => handlers.set(name, handle),
    call: async (_definition: unknown, { broadcastId }: { broadcastId: number }) => executor.store.drop(broadcastId),
  };
  driver.serve(peer as unknown as Peer, id, 'h1', `unix:/${id}`);
  const ask = async (name: string, body: unknown) => {
    driverCalls.push(name);
    await turn();
    onDriverCall();
    const answer = await (handlers.get(name) as (body: unknown) => unknown)(body);
    await turn();
    return answer;
  };
  const link: BroadcastLink = {
    open: (broadcastId) => ask('broadcast.open', { broadcastId }) as never,
    piece: (request) => ask('broadcast.piece', request) as never,
    have: (broadcastId, have) => void ask('broadcast.have', { broadcastId, have }),
  };
  const pool = new MemoryPool({ maxBytes, storageRegionBytes: 0 });
  const log: Logger = { debug() {}, info() {}, warn: (line) => warnings.push(line), error() {}, named: () => log };
  const store = new BroadcastStore({
    driver: link,
    fromPeer: async (at, broadcastId, index) => {
      const other = executors.get(at.executorId)!;
      await turn();
      if (other.dead) throw new AppError('CONNECTION_LOST', { peer: at.executorId, detail: 'closed' });
      other.asked++;
      const piece = await other.store.serve(broadcastId, index);
      return await onTheWay(at.executorId, index, piece);
    },
    pool,
    random: numbers(Number(id) + 1),
    log,
  });
  const executor: Executor = { store, pool, disconnect: () => peer.onClose(), asked: 0, dead: false };
  executors.set(id, executor);
  return executor;
}
const read = async (executor: Executor) => Buffer.from(joinBroadcast(await executor.store.broadcast(ID)));
const served = () => driver.remove(ID)!.servedBytes;

it('executors that begin at once get each piece from the driver once among them all', async () => {
  driver.put(ID, cut());
  const all = ['1', '2', '3', '4'].map((id) => add(id));
  for (const bytes of await Promise.all(all.map(read))) expect(bytes.equals(value)).toBe(true);
  expect(served()).toBe(SIZE);
  expect(all.every(({ asked }) => asked > 0)).toBe(true);
  expect(warnings).toEqual([]);
});

it('one that comes later gets nothing from the driver, and asks the others alike', async () => {
  driver.put(ID, cut());
  const [first, second] = [add('1'), add('2')];
  await Promise.all([read(first), read(second)]);
  await turn();
  const before = [first.asked, second.asked];
  expect((await read(add('3'))).equals(value)).toBe(true);
  expect(served()).toBe(SIZE);
  expect([first.asked - before[0]!, second.asked - before[1]!].every((n) => n >= PIECES / 2 - 2)).toBe(true);
});

it('slots of an executor share one reading; one piece costs one call', async () => {
  driver.put(ID, cut(value.subarray(0, 100)));
  const executor = add('1');
  const [a, b] = await Promise.all([executor.store.broadcast(ID), executor.store.broadcast(ID)]);
  expect(a).toBe(b);
  expect(driverCalls).toEqual(['broadcast.open']);
  expect(executor.pool.storageBytes).toBe(100);
});

it('compressed pieces become the value again', async () => {
  const text = Buffer.from('all work and no play '.repeat(5000));
  driver.put(ID, cut(text, true));
  expect(driver.whole(ID).compressed).toBe(true);
  expect((await read(add('1'))).equals(text)).toBe(true);
});

it('a peer that dies in the middle is left out; what it alone had comes from the driver', async () => {
  driver.put(ID, cut());
  const [first, second] = [add('1'), add('2')];
  await read(first);
  await turn();
  onTheWay = (_from, _index, piece) => {
    if (first.asked === 5) first.dead = true;
    return piece;
  };
  expect((await read(second)).equals(value)).toBe(true);
  expect(warnings.length).toBeLessThanOrEqual(2); // one for each lane
  expect(warnings[0]).toContain('fetched elsewhere: from executor 1');
  expect(served()).toBe(2 * SIZE - 5 * PIECE);
});

it('an executor that is lost is not named any more', async () => {
  driver.put(ID, cut());
  const first = add('1');
  await read(first);
  first.dead = true;
  first.disconnect();
  expect((await read(add('2'))).equals(value)).toBe(true);
  expect(warnings).toEqual([]);
});

it('a piece whose checksum is wrong comes from another, else from the driver', async () => {
  driver.put(ID, cut());
  const [first, second] = [add('1'), add('2')];
  await Promise.all([read(first), read(second)]);
  await turn();
  onTheWay = (from, _index, piece) => (from === '1' ? piece.map((byte) => byte ^ 1) : piece);
  expect((await read(add('3'))).equals(value)).toBe(true);
  expect(warnings.some((line) => line.includes('its checksum is'))).toBe(true);
  onTheWay = (_from, _index, piece) => piece.map((byte) => byte ^ 1);
  expect((await read(add('4'))).equals(value)).toBe(true);
});

it('a wrong piece of the driver is an error, and the next reading begins anew', async () => {
  const bad = cut();
  driver.put(ID, { ...bad, checksums: bad.checksums.map((sum) => sum ^ 1) });
  const executor = add('1');
  await expect(executor.store.broadcast(ID)).rejects.toMatchObject({ code: 'BLOCK_CORRUPT' });
  expect(executor.pool.storageBytes).toBe(0);
  driver.put(ID, bad);
  expect((await read(executor)).equals(value)).toBe(true);
});

it("destroyed in the middle: who waits gets Spark's error, and nothing is held", async () => {
  driver.put(ID, cut());
  const executor = add('1');
  let calls = 0;
  onDriverCall = () => {
    if (++calls !== 5) return;
    driver.remove(ID);
    void driver.dropEverywhere(ID);
  };
  await expect(executor.store.broadcast(ID)).rejects.toThrow(/^Failed to get broadcast_3_piece\d+ of broadcast_3$/);
  await turn();
  expect(executor.pool.storageBytes).toBe(0);
  await expect(executor.store.broadcast(ID)).rejects.toThrow('Failed to get broadcast_3_piece0 of broadcast_3');
});

it('unpersisted: the bytes are given back, and it is read again when it is wanted', async () => {
  driver.put(ID, cut());
  const [first, second] = [add('1'), add('2')];
  await Promise.all([read(first), read(second)]);
  expect(first.pool.storageBytes).toBe(SIZE);
  await driver.dropEverywhere(ID);
  expect([first.pool.storageBytes, second.pool.storageBytes]).toEqual([0, 0]);
  await Promise.all([read(first), read(second)]);
  expect(served()).toBeLessThanOrEqual(3 * SIZE);
  expect(warnings).toEqual([]);
});

it('unpersisted in the middle: who reads it gets it all the same', async () => {
  driver.put(ID, cut());
  const [first, second] = [add('1'), add('2')];
  let calls = 0;
  onDriverCall = () => {
    if (++calls === 9) void driver.dropEverywhere(ID);
  };
  for (const bytes of await Promise.all([read(first), read(second)])) expect(bytes.equals(value)).toBe(true);
  expect([first.pool.storageBytes, second.pool.storageBytes]).toEqual([0, 0]);
  expect(warnings).toEqual([]);
});

it('what memory has no room for is given to the slots that wait and not kept', async () => {
  driver.put(ID, cut());
  const small = add('1', SIZE - 1);
  expect((await read(small)).equals(value)).toBe(true);
  expect(small.pool.storageBytes).toBe(0);
  expect(warnings[0]).toContain('Not enough memory to keep broadcast_3');
  expect((await read(add('2'))).equals(value)).toBe(true);
  expect(small.asked).toBe(0);
});
