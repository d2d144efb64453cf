// A ResourceManager that remembers 100,000 ended applications: how long it takes to start with them, what they weigh, and the longest turn of its event
// loop while REST, metrics, the page and `yarn application -list` ask about them (in CPU time of its main thread, so a busy machine changes
// nothing). Ends with 1 when a turn was longer than the limit. Not part of `npm test`:
//
//   node test/soak/many-applications.ts [applications] [limit in ms]
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { applicationId } from '../../src/common/ids.ts';
import type { Logger } from '../../src/common/ports.ts';
import { Settings } from '../../src/common/settings.ts';
import { startResourceManager, type StartedResourceManager } from '../../src/resourcemanager/main.ts';
import { asClient } from '../unit/resourcemanager/service/fakes.ts';
import { fillStore } from '../helpers/many-applications.ts';
import { listApplications } from '../../src/cli/list-applications.ts';
import { makeDataDir } from '../../src/platform/cluster-secret.ts';
import { httpToken } from '../../src/rpc/user-secret.ts';

const count = Number(process.argv[2] ?? 100_000);
const limitMs = Number(process.argv[3] ?? 50);
const me = userInfo().username;
const dataDir = mkdtempSync(join(tmpdir(), 'el-many-'));
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const quiet: Logger = { debug() {}, info() {}, warn() {}, error: say, named: () => quiet };
const setting = (name: string, value: string) => ({ name, value, where: 'soak', line: 1 });
const settings = new Settings([
  setting('yarn.resourcemanager.webapp.address', 'localhost:0'),
  setting('yarn.resourcemanager.max-completed-applications', String(count)),
]);
const cpuMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};
const start = (): Promise<StartedResourceManager> =>
  startResourceManager({
    dataDir,
    settings,
    logger: quiet,
    http: true,
    onFatal: (error) => {
      throw error;
    },
  });

/** Asks from a thread of its own, so that reading the answer is nobody's turn here. */
const ASKER = `
const { parentPort, workerData } = require('node:worker_threads');
parentPort.on('message', async ({ url, headers }) => {
  const response = await fetch(url, { headers });
  let bytes = 0;
  for await (const chunk of response.body) bytes += chunk.byteLength;
  parentPort.postMessage({ status: response.status, bytes });
});`;

/** The longest turn while something is done: CPU time between two checks, which come once a turn. */
async function longestTurn<T>(act: () => Promise<T>): Promise<{ value: T; longest: number; total: number }> {
  let longest = 0;
  let going = true;
  const begun = cpuMs();
  let last = begun;
  const turn = (): void => {
    const now = cpuMs();
    longest = Math.max(longest, now - last);
    last = now;
    if (going) setImmediate(turn);
  };
  setImmediate(turn);
  const value = await act();
  going = false;
  return { value, longest, total: cpuMs() - begun };
}

let failed = false;
try {
  makeDataDir(dataDir);
  const clusterStartMs = fillStore(dataDir, settings, count);
  globalThis.gc?.();
  const before = process.memoryUsage();
  const cpuBefore = cpuMs();
  const rm = await start();
  say(`start with ${count} applications: ${Math.round(cpuMs() - cpuBefore)} ms of CPU`);
  globalThis.gc?.();
  const after = process.memoryUsage();
  say(
    `memory: ${Math.round((after.heapUsed - before.heapUsed) / 1e6)} MB of heap more (${globalThis.gc ? 'after' : 'without'} a collection), ${Math.round(after.rss / 1e6)} MB resident`,
  );
  const headers = { authorization: `Bearer ${me}:${httpToken(readFileSync(join(dataDir, 'secret'), 'utf8').trim(), me)}` };
  const asker = new Worker(ASKER, { eval: true });
  const ask = (path: string) =>
    new Promise<{ status: number; bytes: number }>((resolve) => {
      asker.once('message', resolve);
      asker.postMessage({ url: rm.url + path, headers });
    });
  const some = applicationId(clusterStartMs, Math.ceil(count / 2));
  await ask('/ws/v1/cluster/info'); // loads the web app
  await ask('/ui-api/about');
  for (const path of [
    '/ws/v1/cluster/apps?limit=10',
    '/ws/v1/cluster/apps?states=RUNNING',
    '/ws/v1/cluster/apps?user=user7&limit=100',
    '/ws/v1/cluster/apps?applicationTags=team3&finalStatus=FAILED',
    '/ws/v1/cluster/apps',
    `/ws/v1/cluster/apps/${some}`,
    '/ws/v1/cluster/appstatistics',
    '/ws/v1/cluster/metrics',
    '/ws/v1/cluster/scheduler',
    '/jmx',
    '/metrics',
    '/ui-api/strip',
    '/ui-api/apps',
    '/ui-api/apps?sortBy=name&length=50',
    '/ui-api/apps?search=report-77&sortBy=elapsedMs',
  ]) {
    const { value, longest, total } = await longestTurn(() => ask(path));
    const over = longest > limitMs;
    failed ||= over || value.status !== 200;
    say(
      `${over ? 'TOO LONG ' : ''}${longest.toFixed(1).padStart(7)} ms longest turn, ${total.toFixed(0).padStart(6)} ms in all, ${value.status}, ${value.bytes} bytes: ${path}`,
    );
  }
  const client = await asClient(rm.address, readFileSync(join(dataDir, 'secret'), 'utf8').trim());
  const listed = await longestTurn(() => listApplications(client, { states: [], types: [], tags: [] }));
  failed ||= listed.longest > limitMs || listed.value.length !== count;
  say(
    `${listed.longest.toFixed(1).padStart(7)} ms longest turn (with its client's), ${listed.total.toFixed(0)} ms in all: application.list of ${listed.value.length}`,
  );
  client.close();
  await asker.terminate();
  await rm.stop();
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);
