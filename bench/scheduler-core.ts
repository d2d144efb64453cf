/**
 * The ResourceManager's scheduler alone, in this process: 10,000 nodes of 64 to 256 GB, 100 leaf queues in 10 parents, 500
 * applications, a third of the asks with preferred hosts. The cluster is filled, then every allocation is paired with one random
 * release. Three depths: the scheduler; with signed tokens and encoded grant messages; the whole core, from a driver's request to
 * the encoded push. No sockets, no store. Flags: --rounds N, --size allocations=N, --note TEXT.
 */
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Packr } from 'msgpackr';
import { applicationId, attemptId, type ContainerId, type NodeId } from '../src/common/ids.ts';
import type { Resource } from '../src/common/resource.ts';
import { Prng } from '../src/common/prng.ts';
import { RmCore } from '../src/resourcemanager/core/rm-core.ts';
import type { Container } from '../src/resourcemanager/core/entities.ts';
import type { Application } from '../src/resourcemanager/core/scheduler/capacity/application.ts';
import { type CapacityConfig, queuesFrom } from '../src/resourcemanager/core/scheduler/queue-config.ts';
import { CapacityScheduler } from '../src/resourcemanager/core/scheduler/capacity/capacity-scheduler.ts';
import type { ScheduledApp, WaitingAsk } from '../src/resourcemanager/core/scheduler/scheduler-port.ts';
import { updateMessage } from '../src/resourcemanager/service/run-effects.ts';
import { TokenSigner } from '../src/resourcemanager/service/token-signer.ts';
import { dominant } from '../src/resourcemanager/core/scheduler/vectors.ts';
import { commit, load, machine } from './lib/machine.ts';
import { readOptions } from './lib/options.ts';
import { RESULTS } from './lib/paths.ts';
import { summarize } from './lib/statistics.ts';

const NODES = 10_000;
const APPS = 500;
const BATCH = 512;
const KEY = { keyId: 1, key: '5'.repeat(64) };
const packr = new Packr({ useRecords: false, moreTypes: false, bundleStrings: false });

const names = (prefix: string) => Array.from({ length: 10 }, (_, i) => `${prefix}${i}`);
/** Ten parents of ten leaves. */
function queues(): CapacityConfig {
  const properties: [string, unknown][] = [
    ['root.queues', names('p')],
    ['user-limit-factor', 10],
    ['minimum-user-limit-percent', 25],
  ];
  const queue = (path: string, maximum: number) => properties.push([`${path}.capacity`, 10], [`${path}.maximum-capacity`, maximum]);
  for (const [i, parent] of names('p').entries()) {
    queue(`root.${parent}`, 40);
    properties.push([`root.${parent}.queues`, names(`l${i}`)]);
    for (const leaf of names(`l${i}`)) queue(`root.${parent}.${leaf}`, 60);
  }
  return queuesFrom(
    'bench',
    properties.map(([name, value]) => ({ name: `yarn.scheduler.capacity.${name}`, value, line: 1 })),
  );
}
const QUEUES = queues();

const nodeSize = (p: Prng) => {
  const k = 1 + p.int(4);
  // 1.6 GB a vcore, asks have 2.6 on average: memory is what runs out. With 2 GB a vcore the cluster is full at 95 %: either is gone on every node.
  return { memoryMb: k * 65_536, vcores: k * 40 };
};
const want = (p: Prng) => ({
  priority: 0,
  resource: { memoryMb: 1024 << p.int(4), vcores: 1 + p.int(2) },
  count: 1 + p.int(100),
  hosts: p.chance(0.3) ? [`h${p.int(NODES)}`, `h${p.int(NODES)}`] : [],
});

type Live = { app: Application; slot: number; resource: Resource };

/** Allocations a second of wall clock, and of processor time, which says more on a machine that others use. */
type Rate = { readonly wall: number; readonly cpu: number };
const stopwatch = () => {
  const [from, cpu] = [performance.now(), process.cpuUsage()];
  return (done: number): Rate => {
    const { user, system } = process.cpuUsage(cpu);
    return { wall: done / ((performance.now() - from) / 1000), cpu: done / ((user + system) / 1e6) };
  };
};

/** @returns allocations a second; `sink` sees each batch before the next one begins */
function scheduler(seed: number, utilisation: number, total: number, sink?: (placed: readonly Live[]) => void): Rate {
  const p = new Prng(seed);
  const s = new CapacityScheduler(QUEUES);
  for (let i = 0; i < NODES; i++) {
    const { memoryMb, vcores } = nodeSize(p);
    s.openNode(s.addNode({ host: `h${i}`, rack: 'r', capacity: { memoryMb, vcores } }));
  }
  const leaves = [...s.root.all()].filter((q) => q.isLeaf);
  const apps = Array.from({ length: APPS }, (_, i) =>
    s.addApp({ seq: i, priority: 0, user: `u${i % 7}`, queue: leaves[i % leaves.length]!.path }),
  );
  let asks = 0;
  const ask = () => s.setAsk(apps[p.int(APPS)]!, asks++ % 8, want(p));
  const live: Live[] = [];
  let batch: Live[] = [];
  const place = ({ app, resource }: WaitingAsk, slot: number) => {
    const c = { app: app as Application, slot, resource };
    live.push(c);
    if (sink !== undefined) batch.push(c);
  };
  const part = s.root.parts[0]!;
  const used = () => dominant(part.taken, part.partition.total);
  const release = () => {
    const at = p.int(live.length);
    const c = live[at]!;
    live[at] = live.at(-1)!;
    live.pop();
    s.release(c.app, c.slot, c.resource, false);
  };
  while (used() < utilisation) {
    for (let i = 0; i < 200; i++) ask();
    s.schedule(BATCH, place, 0);
  }
  batch = [];
  const watch = stopwatch();
  let done = 0;
  while (done < total) {
    for (let i = 0; i < BATCH; i++) {
      release();
      s.chance();
    }
    if (used() > utilisation) for (let i = 0; i < BATCH / 4; i++) release();
    // What was released may be in pieces that nothing of what is asked fits into: then the next releases come first.
    for (let left = BATCH, tries = 0; left > 0 && tries < 3; ) {
      const n = s.schedule(left, place, 0);
      left -= n;
      done += n;
      if (n > 0) continue;
      tries++;
      for (let i = 0; i < 40; i++) ask();
    }
    if (sink !== undefined) {
      sink(batch);
      batch = [];
    }
  }
  const rate = watch(done);
  check(s, live);
  return rate;
}

/** Nothing leaked, nothing over: a fast wrong scheduler is no figure. */
function check(s: CapacityScheduler, live: readonly Live[]): void {
  let [free, held] = [0, 0];
  for (let i = 0; i < s.nodes.size; i++) {
    if (s.nodes.freeMb[i]! < 0 || s.nodes.freeVcores[i]! < 0) throw new Error(`node ${i} holds more than it has`);
    free += s.nodes.freeMb[i]!;
  }
  for (const c of live) held += c.resource.memoryMb;
  for (const q of s.root.all()) if (q.parts[0]!.isOver([1, 1])) throw new Error(`${q.path} is over its maximum`);
  const { memoryMb } = s.total;
  if (free + held !== memoryMb || held + s.root.parts[0]!.reserved[0]! !== s.root.parts[0]!.taken[0])
    throw new Error(`leak: ${free} free, ${held} held, ${memoryMb} in all`);
}

/** The same, with a container object, its signed token and, per application and batch, the encoded grant message. */
function withTokens(seed: number, total: number): Rate {
  const signer = new TokenSigner(KEY);
  let seq = 0;
  let bytes = 0;
  const node = { id: 'host-12345:n1' as NodeId, address: 'unix:/data/run/nm-n1.sock', host: 'host-12345' };
  const attempts = Array.from({ length: APPS }, (_, i) => ({
    application: { id: applicationId(1_700_000_000_000, i + 1), submission: { user: 'ada' } },
  }));
  return scheduler(seed, 0.85, total, (placed) => {
    const byApp = new Map<ScheduledApp, { askId: number; container: Container }[]>();
    for (const c of placed) {
      const container = {
        id: `container_1700000000000_0042_01_${String(++seq).padStart(6, '0')}` as ContainerId,
        attempt: attempts[c.app.seq],
        node,
        resource: c.resource,
        expiresAtMs: 1_700_000_060_000,
        allocatedAtMs: 0,
        startedAtMs: 0,
        state: { tag: 'ALLOCATED' },
      } as unknown as Container;
      const grants = byApp.get(c.app);
      if (grants) grants.push({ askId: 1, container });
      else byApp.set(c.app, [{ askId: 1, container }]);
    }
    for (const granted of byApp.values())
      bytes += packr.pack({
        k: 'p',
        m: 'allocate.update',
        v: 1,
        b: updateMessage({ seq: 1, granted, completed: [], preempt: [], leavingNodes: [], sentAtMs: 0 }, signer),
      }).length;
    if (bytes < 0) throw new Error('never');
  });
}

/** driver.allocate events in, encoded updates with tokens out, through every machine of the core. */
function wholeCore(seed: number, total: number): Rate {
  const p = new Prng(seed);
  const signer = new TokenSigner(KEY);
  const settings = {
    nmExpiryMs: 1e9,
    amExpiryMs: 1e9,
    amSilenceMs: 1e12,
    grantExpiryMs: 60_000,
    nodeHeartbeatMs: 1000,
    minAllocationMb: 1,
    maxAllocationMb: undefined,
    maxAllocationVcores: undefined,
    maxAppAttempts: 1,
    maxCompletedApps: 10,
    rmAddress: '',
  };
  let atMs = 1_700_000_000_000;
  const core = new RmCore(
    settings,
    { epoch: 0, clusterStartMs: atMs, applicationSeq: 0, containerKeys: [], nmKeys: [], applications: [], attempts: [], nodesOut: [] },
    QUEUES,
    atMs,
  );
  for (let i = 0; i < NODES; i++) {
    core.handle({
      tag: 'nodeRegistered',
      atMs,
      nodeId: `h${i}:n` as NodeId,
      host: `h${i}`,
      rack: 'r',
      address: `unix:/data/run/nm-${i}.sock`,
      capacity: nodeSize(p),
      containers: [],
      version: '',
      applications: [],
    });
    core.handle({ tag: 'nodeReady', atMs, nodeId: `h${i}:n` as NodeId });
  }
  const drivers = Array.from({ length: APPS }, (_, i) => {
    const id = core.newApplicationId();
    const submission = {
      name: 'x',
      type: 'SPARK',
      user: 'ada',
      queue: `root.p${i % 10}.l${i % 10}${Math.floor(i / 10) % 10}`,
      tags: [],
      priority: 0,
      unmanaged: true,
      maxAttempts: 1,
    };
    core.handle({ tag: 'applicationSubmitted', atMs, id, submission, secret: 's' });
    const attempt = attemptId(id, 1);
    core.handle({
      tag: 'driverRegistered',
      atMs,
      attemptId: attempt,
      host: 'h',
      rpcPort: -1,
      trackingUrl: '',
      lastUpdateSeq: 0,
      epoch: 0,
      held: [],
      asks: [],
    });
    core.handle({ tag: 'driverReady', atMs, attemptId: attempt });
    return { attempt, seq: 0, acked: 0, held: [] as ContainerId[] };
  });
  const ordered = new Set<NodeId>();
  const beats = new Map<NodeId, number>();
  const byAttempt = new Map(drivers.map((d) => [d.attempt as string, d]));
  let [done, bytes] = [0, 0];
  let watch = stopwatch();
  for (let round = 0; done < total; round++) {
    if (round === 50) {
      // warm, and every driver holds something
      done = 0;
      watch = stopwatch();
    }
    atMs += 5;
    // Nodes answer for the kill orders that releases make.
    for (const nodeId of ordered) {
      const seq = (beats.get(nodeId) ?? 0) + 1;
      beats.set(nodeId, seq);
      core.handle({
        tag: 'nodeHeartbeat',
        atMs,
        nodeId,
        seq,
        reports: [],
        ackedOrders: Number.MAX_SAFE_INTEGER,
        healthy: true,
        healthReport: '',
      });
    }
    ordered.clear();
    for (let k = 0; k < 16; k++) {
      const d = drivers[p.int(APPS)]!;
      const release = d.held.length > 64 ? d.held.splice(0, 32) : [];
      const { hosts, count, resource } = want(p);
      core.handle({
        tag: 'driverAllocate',
        atMs,
        attemptId: d.attempt,
        seq: ++d.seq,
        asks: [{ askId: 1 + p.int(4), priority: 0, count: Math.min(count, 32), resource, hosts }],
        release,
        ackedUpdateSeq: d.acked,
        progress: 0,
        diagnostics: '',
      });
    }
    while (core.schedule(BATCH) === BATCH);
    for (const tell of core.takeEffects().tells) {
      if (tell.tag === 'tellNode') {
        bytes += packr.pack({ k: 'p', m: 'node.orders', v: 1, b: tell.orders }).length;
        ordered.add(tell.nodeId);
      }
      if (tell.tag !== 'tellDriver') continue;
      const d = byAttempt.get(tell.attemptId)!;
      for (const update of tell.updates) {
        d.acked = update.seq;
        for (const { container } of update.granted) d.held.push(container.id);
        done += update.granted.length;
        bytes += packr.pack({ k: 'p', m: 'allocate.update', v: 1, b: updateMessage(update, signer) }).length;
      }
    }
    if (round < 50) done = 0;
  }
  if (bytes === 0) throw new Error('never');
  return watch(done);
}

const options = readOptions(5);
const total = options.size('allocations', 200_000);
const loadBefore = load();
const cases: { name: string; aim: number | undefined; run: (seed: number) => Rate }[] = [
  ...[0.5, 0.9, 0.97].map((utilisation) => ({
    name: `scheduler alone, ${utilisation * 100} % full`,
    aim: 500_000,
    run: (seed: number) => scheduler(seed, utilisation, total),
  })),
  { name: 'with signed tokens and grant messages, 85 % full', aim: 150_000, run: (seed) => withTokens(seed, total) },
  { name: 'whole core with releases, kill orders, heartbeats', aim: undefined, run: (seed) => wholeCore(seed, total / 2) },
];
const figures = cases.map(({ name, aim, run }) => {
  run(0); // warm
  const rates = Array.from({ length: options.rounds }, (_, i) => run(i + 1));
  const [wall, cpu] = [summarize(rates.map((r) => r.wall))!, summarize(rates.map((r) => r.cpu))!];
  const k = (n: number) => `${Math.round(n / 1000)}k`;
  const says = `${k(wall.median)} allocations/s (${k(wall.min)}..${k(wall.max)}, ${wall.runs} runs), ${k(cpu.median)} per processor second`;
  console.log(`${name.padEnd(48)} ${says}${aim === undefined ? '' : `   aim ${k(aim)}: ${wall.median > aim ? 'holds' : 'DOES NOT HOLD'}`}`);
  return {
    name,
    unit: 'allocations/s',
    ours: wall,
    perCpuSecond: cpu,
    aim: aim === undefined ? undefined : { text: `> ${aim}`, holds: wall.median > aim },
  };
});
mkdirSync(RESULTS, { recursive: true });
appendFileSync(
  join(RESULTS, 'scheduler-core.jsonl'),
  `${JSON.stringify({ bench: 'scheduler-core', at: new Date().toISOString(), commit: commit(), machine: machine(), loadBefore, loadAfter: load(), note: options.note, rounds: options.rounds, figures })}\n`,
);
