/**
 * Many nodes without machines: real connections to a real ResourceManager, each proved, registered, and heard of every second, its orders acknowledged.
 * Containers are not started. For bench/node-connections.ts. Arguments: address of the RM, the cluster's secret file, number of nodes, seconds.
 * Prints `READY` when all have registered, then after the seconds `BEATS n LONGEST ms`: heartbeats answered, and the longest wait for an answer.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { NodeId } from '../../src/common/ids.ts';
import { NetTransport } from '../../src/platform/net-transport.ts';
import { connectPeer } from '../../src/rpc/connect.ts';
import { nodeHeartbeat, nodeOrders, nodeRegister } from '../../src/rpc/messages/node.ts';

const [address = '', secretFile = '', count = '1000', seconds = '30'] = process.argv.slice(2);
const secret = readFileSync(secretFile, 'utf8').trim();
const transport = new NetTransport();
const BEAT_MS = 1000;
const TOGETHER = 50;
let [beats, longestMs, ended] = [0, 0, false];

async function node(i: number): Promise<() => Promise<void>> {
  const nodeId = `light-${i}:45454` as NodeId;
  const peer = await connectPeer(transport, address, 'the ResourceManager', { id: `nm:${nodeId}`, secret });
  let [seq, ackedOrders] = [0, 0];
  peer.on(nodeOrders, ({ orders }) => {
    ackedOrders = Math.max(ackedOrders, ...orders.map(({ orderSeq }) => orderSeq));
  });
  await peer.call(nodeRegister, {
    ...{ nodeId, host: `light-${i}`, rack: '/default-rack', address: `tls:light-${i}:45454`, version: '0' },
    ...{ capacity: { memoryMb: 65_536, vcores: 16 }, containers: [], applications: [] },
  });
  return async () => {
    await pause((i * BEAT_MS) / Number(count)); // spread over the second, as nodes that start one after the other are
    while (!ended) {
      const from = performance.now();
      await peer.call(nodeHeartbeat, { nodeId, seq: ++seq, reports: [], ackedOrders, healthy: true, healthReport: '' });
      const took = performance.now() - from;
      beats++;
      longestMs = Math.max(longestMs, took);
      await pause(Math.max(0, BEAT_MS - took));
    }
  };
}

const lives: (() => Promise<void>)[] = [];
for (let i = 0; i < Number(count); i += TOGETHER)
  lives.push(...(await Promise.all(Array.from({ length: Math.min(TOGETHER, Number(count) - i) }, (_, k) => node(i + k)))));
const running = lives.map((live) => live());
await pause(2 * BEAT_MS); // all of them are in their rhythm
[beats, longestMs] = [0, 0];
console.log('READY');
await pause(Number(seconds) * 1000);
console.log(`BEATS ${beats} LONGEST ${longestMs.toFixed(1)}`);
ended = true;
await Promise.all(running);
process.exit(0);
