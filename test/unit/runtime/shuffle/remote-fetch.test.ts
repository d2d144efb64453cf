// Fetching blocks from others: within bounds, in any order, to memory or disk, always the right bytes or a failure that says who is to blame.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Prng } from '../../../../src/common/prng.ts';
import { FETCH_BYTES, FETCH_RANGES } from '../../../../src/rpc/messages/shuffle.ts';
import type { MapOutput, ShuffleOutputs } from '../../../../src/runtime/plan/stage-install.ts';
import { decodeRows, encodeRows } from '../../../../src/runtime/rdd/row-codec.ts';
import { planFetches } from '../../../../src/runtime/shuffle/fetch-plan.ts';
import { type BlockClient, type BlockRange, RemoteBlocks } from '../../../../src/runtime/shuffle/remote-blocks.ts';
import { Segments } from '../../../../src/runtime/shuffle/segments.ts';
import { shuffleSettings } from '../../../../src/runtime/shuffle/shuffle-settings.ts';
import { spillPlaceIn } from '../../../helpers/spill-place.ts';
import { readParts } from '../../../helpers/in-process-context.ts';

let folder: string;
let names = 0;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'emberloom-fetch-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const place = () => spillPlaceIn(folder, 1e9);

const where = () => ({ dirs: place().dirs, newName: place().newName });

/** A map output whose partition p has these rows. */
function output(mapIndex: number, address: string, rows: readonly (readonly unknown[])[]): MapOutput {
  const segments = new Segments(rows.length, place());
  for (const [p, of] of rows.entries()) if (of.length > 0) segments.append(p, encodeRows(of), of.length);
  const file = path.join(folder, `shuffle_0_${mapIndex}_${names++}.data`);
  const bytes = segments.writeTo(file, 't');
  return { mapIndex, mapTaskId: mapIndex, executorId: String(mapIndex), host: 'h', blockAddress: address, file, bytes, records: 0 };
}

/** Reads the files; `spoil` may change what arrives. Notes the most that was under way at once. */
class Client implements BlockClient {
  requests = 0;
  most = { requests: 0, bytes: 0 };
  readonly mostAt = new Map<string, number>();
  readonly #under = { requests: 0, bytes: 0 };
  readonly #at = new Map<string, number>();
  spoil: (range: BlockRange, data: Buffer) => void = () => {};
  onDisk: { written: number; now: number } | undefined;
  fail: (() => void) | undefined;

  async fetchRanges(address: string, ranges: readonly BlockRange[]) {
    const bytes = ranges.reduce((sum, r) => sum + r.lengthBytes, 0);
    const blocks = ranges.filter((r) => !r.file.endsWith('.index')).length;
    expect(bytes).toBeLessThanOrEqual(FETCH_BYTES);
    expect(ranges.length).toBeLessThanOrEqual(FETCH_RANGES);
    this.requests++;
    this.#under.requests++;
    this.#under.bytes += bytes - 4 * (ranges.length - blocks);
    this.#at.set(address, (this.#at.get(address) ?? 0) + blocks);
    this.most = {
      requests: Math.max(this.most.requests, this.#under.requests),
      bytes: Math.max(this.most.bytes, this.#under.bytes),
    };
    this.mostAt.set(address, Math.max(this.mostAt.get(address) ?? 0, this.#at.get(address)!));
    await new Promise((resolve) => setImmediate(resolve));
    this.fail?.();
    const parts = await readParts(ranges);
    for (const [i, part] of parts.entries()) if (part.data) this.spoil(ranges[i]!, part.data as Buffer);
    this.#under.requests--;
    this.#under.bytes -= bytes - 4 * (ranges.length - blocks);
    this.#at.set(address, this.#at.get(address)! - blocks);
    return parts;
  }

  async diagnose(_: string, { file, offset, lengthBytes, checksumOffset }: BlockRange & { checksumOffset: number }) {
    if (this.onDisk) return this.onDisk;
    const [data, checksum] = await readParts([
      { file, offset, lengthBytes },
      { file: `${file}.index`, offset: checksumOffset, lengthBytes: 4 },
    ]);
    return { written: Buffer.from(checksum!.data!).readUInt32LE(0), now: crc32(data!.data!) };
  }
}

const shuffleOf = (outputs: MapOutput[]): ShuffleOutputs => ({ shuffleId: 0, epoch: 1, outputs });
const metrics = () => ({ shuffleFetchWaitTime: 0, shuffleRemoteRequestsDuration: 0, shuffleRemoteBytesToDisk: 0 });
const conf = (values: Record<string, string> = {}) => shuffleSettings(new Map(Object.entries(values)));

describe('remote blocks', () => {
  it.each(Array.from({ length: 12 }, (_, seed) => seed))('arrive whole, within all bounds (seed %i)', async (seed) => {
    const random = new Prng(seed);
    const partitions = 1 + random.int(5);
    const rowsOf = () =>
      Array.from(
        { length: random.int(4) === 0 ? 0 : 1 + random.int(50) },
        (_, i) => 'x'.repeat(random.int(random.int(12) === 0 ? 90_000 : 300)) + i,
      );
    const outputs = Array.from({ length: 1 + random.int(30) }, (_, i) => ({ rows: Array.from({ length: partitions }, rowsOf), i }));
    const made = outputs.map(({ rows, i }) => output(i, `unix:a${random.int(4)}`, rows));
    const partition = random.int(partitions);
    const bounds = { inFlight: 1 + random.int(3_000_000), requests: 1 + random.int(5), blocks: 1 + random.int(6) };
    const settings = conf({
      'spark.reducer.maxSizeInFlight': String(bounds.inFlight),
      'spark.reducer.maxReqsInFlight': String(bounds.requests),
      'spark.reducer.maxBlocksInFlightPerAddress': String(bounds.blocks),
      'spark.network.maxRemoteBlockSizeFetchToMem': random.int(2) === 0 ? '1000' : '200m',
    });
    const client = new Client();
    const blocks = new RemoteBlocks();
    const counted = metrics();
    const memoryBytes = random.int(3) === 0 ? 0 : random.int(4_000_000);
    await blocks.fetch(shuffleOf(made), partition, made, {
      client,
      settings,
      memoryBytes,
      ...where(),
      metrics: counted,
    });
    for (const [i, { rows }] of outputs.entries()) {
      const pieces = blocks.get(made[i]!, partition);
      if (rows[partition]!.length === 0) expect(pieces).toBeUndefined();
      else expect([...pieces!].flatMap((piece) => decodeRows(piece))).toEqual(rows[partition]);
    }
    const total = made.reduce((sum, { bytes }) => sum + bytes[partition]!, 0);
    if (memoryBytes === 0) expect(counted.shuffleRemoteBytesToDisk).toBe(total);
    expect(client.most.requests).toBeLessThanOrEqual(bounds.requests);
    const largest = Math.max(...made.map(({ bytes }) => Math.min(FETCH_BYTES, bytes[partition]!)));
    expect(client.most.bytes).toBeLessThanOrEqual(Math.max(bounds.inFlight, largest));
    for (const [, most] of client.mostAt) expect(most).toBeLessThanOrEqual(bounds.blocks);
    blocks.discard();
    expect(readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('spill'))).toEqual([]);
  });

  it('of many small outputs come in few requests', async () => {
    const made = Array.from({ length: 500 }, (_, i) => output(i, `unix:a${i % 2}`, [[i], ['other']]));
    const client = new Client();
    await new RemoteBlocks().fetch(shuffleOf(made), 0, made, {
      client,
      settings: conf(),
      memoryBytes: 1e9,
      ...where(),
      metrics: metrics(),
    });
    expect(client.requests).toBe(2);
  });

  it('are asked of another server first by each partition', () => {
    const made = [0, 1, 2].map((i) => output(i, `unix:a${i}`, [[1], [1], [1]]));
    const firsts = [0, 1, 2].map((p) => planFetches(made, p, { batchBytes: 1000, batchBlocks: 10 })[0]!.address);
    expect(new Set(firsts).size).toBe(3);
  });

  const attempt = async (change: (client: Client) => void, rows: unknown[] = ['a', 'b'], values = {}) => {
    const made = [output(0, 'unix:a', [['x'], rows]), output(1, 'unix:a', [['x'], ['fine']])];
    const client = new Client();
    change(client);
    const blocks = new RemoteBlocks();
    const settings = conf(values);
    const ended = blocks.fetch(shuffleOf(made), 1, made, {
      client,
      settings,
      memoryBytes: 1e9,
      ...where(),
      metrics: metrics(),
    });
    return ended.then(
      () => [...blocks.get(made[0]!, 1)!].flatMap((piece) => decodeRows(piece)),
      (error: unknown) => error,
    );
  };
  const flip = (range: BlockRange, data: Buffer) => {
    if (range.file.includes('_0_0_') && !range.file.endsWith('.index')) data[20]! ^= 1;
  };
  const large = Array.from({ length: 40 }, (_, i) => `${'y'.repeat(50_000)}${i}`);

  it.each([
    ['small', ['a', 'b']],
    ['large', large],
  ])('that are spoilt once on their way are fetched again (%s)', async (_, rows) => {
    let times = 0;
    const got = await attempt((client) => {
      client.spoil = (range, data) => {
        if (times === 0 && range.file.includes('_0_0_') && !range.file.endsWith('.index')) {
          times++;
          data[20]! ^= 1;
        }
      };
    }, rows);
    expect(times).toBe(1);
    expect(got).toEqual(rows);
  });

  it.each([
    ['small', ['a', 'b']],
    ['large', large],
  ])('that are spoilt each time are FETCH_FAILED with the cause: the network, the disk, or unknown (%s)', async (_, rows) => {
    const failure = (detail: string) => ({
      code: 'FETCH_FAILED',
      params: { mapIndex: 0, reduceId: 1, detail: expect.stringContaining(detail) },
    });
    expect(await attempt((client) => (client.spoil = flip), rows)).toMatchObject(failure('NETWORK_ISSUE'));
    const onDisk = (client: Client) => {
      client.spoil = flip;
      client.onDisk = { written: 1, now: 2 };
    };
    expect(await attempt(onDisk, rows)).toMatchObject(failure('DISK_ISSUE'));
    const unknown = (client: Client) => {
      client.spoil = flip;
      client.diagnose = () => Promise.reject(new Error('gone'));
    };
    expect(await attempt(unknown, rows)).toMatchObject(failure('UNKNOWN_ISSUE'));
    const noCheck = await attempt(
      (client) => (client.spoil = (range, data) => void (range.file.endsWith('.index') && data.fill(0))),
      rows,
      { 'spark.shuffle.checksum.enabled': 'false' },
    );
    expect(noCheck).toEqual(rows);
  });

  it('of a server that can not be reached are FETCH_FAILED, when nothing is under way any more', async () => {
    const made = Array.from({ length: 20 }, (_, i) => output(i, `unix:a${i}`, [[i]]));
    const client = new Client();
    let under = 0;
    const ask = client.fetchRanges.bind(client);
    client.fetchRanges = async (address, ranges) => {
      under++;
      try {
        return await ask(address, ranges);
      } finally {
        under--;
      }
    };
    client.fail = () => {
      client.fail = undefined;
      throw new Error('nobody answers');
    };
    const ended = new RemoteBlocks().fetch(shuffleOf(made), 0, made, {
      client,
      settings: conf(),
      memoryBytes: 1e9,
      ...where(),
      metrics: metrics(),
    });
    await expect(ended).rejects.toMatchObject({ code: 'FETCH_FAILED', params: { detail: 'nobody answers' } });
    expect(under).toBe(0);
  });
});
