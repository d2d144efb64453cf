// Logs of real Spark 4.0.1 (PyPI's pyspark, spark.eventLog.compression.codec=lz4, snappy, lzf): one whole, of two the beginning.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readLines } from '../../../../src/history/service/log-reader.ts';
import { type BlockCodec, unpackedBlocks } from '../../../../src/history/service/spark-blocks.ts';

const FIXTURES = fileURLToPath(new URL('../../../fixtures/spark-codecs/', import.meta.url));
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'el-codec-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function lines(directory: string, path: string, closed = true) {
  const events: string[] = [];
  const part = { path, sizeBytes: statSync(join(directory, path)).size, changedAtMs: 0, codec: path.split('.').at(-1) as BlockCodec };
  const { fault } = await readLines(directory, part, { fromByte: 0, closed }, (line) => {
    events.push((JSON.parse(line) as { Event: string }).Event);
  });
  return { events, fault };
}

test('lz4: every line to the end', async () => {
  const { events, fault } = await lines(FIXTURES, 'log.lz4');
  expect(fault).toBeUndefined();
  expect(events).toHaveLength(70);
  expect([events[0], events.at(-1)]).toEqual(['SparkListenerLogStart', 'SparkListenerApplicationEnd']);
  expect(events.filter((name) => name === 'SparkListenerTaskEnd').length).toBeGreaterThan(10);
});

test.each(['snappy', 'lzf'])('%s: whole lines of a log whose last block is being written', async (codec) => {
  const { events, fault } = await lines(FIXTURES, `beginning.${codec}`, false);
  expect(fault).toBeUndefined();
  expect(events.slice(0, 2)).toEqual(['SparkListenerLogStart', 'SparkListenerResourceProfileAdded']);
  expect(events).toContain('SparkListenerApplicationStart');
});

test('byte by byte, and two streams one after the other: the same text', async () => {
  const bytes = readFileSync(join(FIXTURES, 'log.lz4'));
  const textOf = async (chunks: Iterable<Buffer>) => {
    const text: Buffer[] = [];
    for await (const block of unpackedBlocks(
      (async function* () {
        yield* chunks;
      })(),
      'lz4',
    ))
      text.push(block);
    return Buffer.concat(text).toString('utf8');
  };
  const whole = await textOf([bytes]);
  expect(await textOf(Array.from(bytes.subarray(0, 5_000), (byte) => Buffer.of(byte)))).toBe(
    whole.slice(0, (await textOf([bytes.subarray(0, 5_000)])).length),
  );
  expect(await textOf([bytes, bytes])).toBe(whole + whole);
});

test.each(['log.lz4', 'beginning.snappy', 'beginning.lzf'])('%s, damaged: read as far as it goes, and named', async (name) => {
  const bytes = Buffer.from(readFileSync(join(FIXTURES, name)));
  const path = `damaged.${name.split('.').at(-1)}`;
  writeFileSync(join(folder, path), bytes.fill(0xff, 9_000, 9_400));
  const damaged = await readLines(
    folder,
    { path, sizeBytes: bytes.length, changedAtMs: 0, codec: path.split('.').at(-1) as BlockCodec },
    { fromByte: 0, closed: false },
    () => {},
  );
  expect(damaged.fault).toMatch(/^DAMAGED: /);
});
