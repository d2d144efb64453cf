// A database that several open in the same instant: one makes its tables, the others wait and find them.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase } from '../../../src/platform/database.ts';

const THREADS = 8;
const ROUNDS = 4;
const PROGRAM = join(import.meta.dirname, '../../fixtures/open-database.ts');

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'database-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

it('is made once, whoever opens it first', { timeout: 120_000 }, async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const path = join(dir, `${round}.sqlite`);
    const gate = new Int32Array(new SharedArrayBuffer(4));
    const threads = Array.from({ length: THREADS }, () => new Worker(PROGRAM, { workerData: { path, gate } }));
    await Promise.all(threads.map((thread) => once(thread, 'message')));
    const ends = threads.map((thread) => once(thread, 'message'));
    Atomics.store(gate, 0, 1);
    Atomics.notify(gate, 0);
    expect((await Promise.all(ends)).flat()).toEqual(Array.from({ length: THREADS }, () => 'opened'));
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
});

it('of a newer version is left alone', () => {
  const path = join(dir, 'd.sqlite');
  openDatabase(path, { migrations: ['CREATE TABLE a (x)', 'CREATE TABLE b (x)'], synchronous: 'FULL' }).close();
  expect(() => openDatabase(path, { migrations: ['CREATE TABLE a (x)'], synchronous: 'FULL' })).toThrow('newer version');
});
