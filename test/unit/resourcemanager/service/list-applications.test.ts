// Lists of more applications than one reply has: whole, newest first, each once, by any filter.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listApplications } from '../../../../src/cli/list-applications.ts';
import type { Logger } from '../../../../src/common/ports.ts';
import { Settings } from '../../../../src/common/settings.ts';
import { startResourceManager, type StartedResourceManager } from '../../../../src/resourcemanager/main.ts';
import { applicationCounts, applicationList } from '../../../../src/rpc/messages/client.ts';
import type { Peer } from '../../../../src/rpc/peer.ts';
import { makeDataDir } from '../../../../src/platform/cluster-secret.ts';
import { fillStore } from '../../../helpers/many-applications.ts';
import { asClient } from './fakes.ts';

const COUNT = 1_234;
const quiet: Logger = { debug() {}, info() {}, warn() {}, error() {}, named: () => quiet };
const settings = new Settings([{ name: 'yarn.resourcemanager.max-completed-applications', value: '2000', where: 'test', line: 1 }]);
const dataDir = mkdtempSync(join(tmpdir(), 'list-'));
let rm: StartedResourceManager;
let client: Peer;

beforeAll(async () => {
  makeDataDir(dataDir);
  fillStore(dataDir, settings, COUNT);
  const onFatal = (error: Error) => {
    throw error;
  };
  rm = await startResourceManager({ dataDir, settings, logger: quiet, onFatal });
  client = await asClient(rm.address, readFileSync(join(dataDir, 'secret'), 'utf8').trim());
});
afterAll(async () => {
  client.close();
  await rm.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const all = { states: [], types: [], tags: [] };
const numberOf = (id: string) => Number(id.slice(id.lastIndexOf('_') + 1));

it('has every application once, newest first, over several replies', async () => {
  expect((await client.call(applicationList, all)).before).toBeDefined();
  const numbers = (await listApplications(client, all)).map((a) => numberOf(a.applicationId));
  expect(numbers).toEqual(Array.from({ length: COUNT }, (_, i) => COUNT - i));
});

it('keeps its filters over all replies, and ends where the last one is', async () => {
  const finished = await listApplications(client, { ...all, states: ['FINISHED'] });
  expect(finished).toHaveLength(COUNT - Math.floor(COUNT / 10));
  expect(finished.every((a) => a.state === 'FINISHED')).toBe(true);
  expect(await listApplications(client, { ...all, user: 'user7', name: 'nightly-*', tags: ['nightly', 'x'] })).toHaveLength(31);
  expect(await listApplications(client, { ...all, states: ['RUNNING'] })).toEqual([]);
});

it('counts them by queue and state', async () => {
  const { counts } = await client.call(applicationCounts, {});
  expect(counts.map(({ queue, state, count }) => [queue, state, count]).sort()).toEqual([
    ['root.default', 'FAILED', 123],
    ['root.default', 'FINISHED', 1_111],
  ]);
});
