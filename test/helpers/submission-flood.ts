// Many clients at once: each submits over a connection of its own, then many are killed at one instant; meanwhile somebody asks the
// ResourceManager small things and notes how long the slowest answer took.
//
//   node submission-flood.ts <data folder> <submissions> <kills> [queue]
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { NetTransport } from '../../src/platform/net-transport.ts';
import { connectPeer } from '../../src/rpc/connect.ts';
import { applicationKill, applicationList, applicationNew, applicationSubmit, clusterInfo } from '../../src/rpc/messages/client.ts';

const [dataDir = '', submissions = '500', kills = '200', queue = 'default'] = process.argv.slice(2);
const me = { id: 'client:root', secret: readFileSync(join(dataDir, 'secret'), 'utf8').trim() };
const connect = () => connectPeer(new NetTransport(), `unix:${join(dataDir, 'run', 'rm.sock')}`, 'the ResourceManager', me);

async function submitOne(number: number): Promise<string> {
  const rm = await connect();
  try {
    const { applicationId } = await rm.call(applicationNew, {}, 30_000);
    const am = { kind: 'command' as const, args: ['sleep', '600'], env: {}, secretEnv: {}, resources: [], user: 'root' };
    await rm.call(
      applicationSubmit,
      {
        applicationId,
        name: `flood ${number}`,
        type: 'FLOOD',
        user: 'root',
        queue,
        tags: [],
        priority: 0,
        unmanaged: false,
        maxAttempts: 1,
        amResource: { memoryMb: 512, vcores: 1 },
        am,
      },
      30_000,
    );
    return applicationId;
  } finally {
    rm.close();
  }
}

const watcher = await connect();
let [slowestMs, over] = [0, false];
const watching = (async () => {
  while (!over) {
    const from = performance.now();
    await watcher.call(clusterInfo, {});
    slowestMs = Math.max(slowestMs, performance.now() - from);
    await pause(50);
  }
})();

const from = performance.now();
const done = await Promise.allSettled(Array.from({ length: Number(submissions) }, (_, i) => submitOne(i)));
const ids = done.flatMap((d) => (d.status === 'fulfilled' ? d.value : []));
for (const d of done.filter((x) => x.status === 'rejected').slice(0, 3)) console.log(`failed: ${d.reason}`);
console.log(`submitted ${ids.length} of ${submissions} in ${Math.round(performance.now() - from)} ms`);

const killer = await connect();
const killFrom = performance.now();
const kill = (applicationId: string) =>
  killer.call(applicationKill, { applicationId: applicationId as never, user: 'root', diagnostics: '' }, 30_000);
await Promise.all(ids.slice(0, Number(kills)).map(kill));
const killed = async () =>
  (await killer.call(applicationList, { states: ['KILLED'], types: ['FLOOD'], tags: [] }, 30_000)).applications.length;
while ((await killed()) < Number(kills)) await pause(50);
console.log(`killed ${await killed()} of ${kills} in ${Math.round(performance.now() - killFrom)} ms`);
await Promise.all(ids.slice(Number(kills)).map(kill));
over = true;
await watching;
console.log(`the slowest of the other answers took ${Math.round(slowestMs)} ms`);
watcher.close();
killer.close();
