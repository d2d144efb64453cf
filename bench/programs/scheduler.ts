/**
 * Our side of bench/scheduler.ts: the ResourceManager's whole core over a load of bench/lib/scheduler-load.ts, without sockets and store: requests of drivers and
 * heartbeats of nodes in, grants with signed tokens out. Run by the bench as a process of its own, so that its memory is its own.
 * Arguments and output as bench/peer/YarnScheduler.java.
 */
import { readFileSync } from 'node:fs';
import { attemptId, type AttemptId, type ContainerId, type NodeId } from '../../src/common/ids.ts';
import { parseXml } from '../../src/common/xml-lines.ts';
import { Prng } from '../../src/common/prng.ts';
import type { DriverAsk } from '../../src/resourcemanager/core/events.ts';
import { RmCore } from '../../src/resourcemanager/core/rm-core.ts';
import type { SchedulerConfig } from '../../src/resourcemanager/core/scheduler/create-scheduler.ts';
import { allocationsFrom } from '../../src/resourcemanager/core/scheduler/fair/allocations.ts';
import { queuesFrom } from '../../src/resourcemanager/core/scheduler/queue-config.ts';
import { DECISION } from '../../src/resourcemanager/service/event-loop.ts';
import { updateMessage } from '../../src/resourcemanager/service/run-effects.ts';
import { TokenSigner } from '../../src/resourcemanager/service/token-signer.ts';
import type { Load, LoadApp, LoadAsk } from '../lib/scheduler-load.ts';

const BATCH = 512;
const FROM_MS = 1_700_000_000_000;
const SETTINGS = {
  nmExpiryMs: 1e12,
  amExpiryMs: 1e12,
  amSilenceMs: 1e15,
  grantExpiryMs: 1e12,
  nodeHeartbeatMs: 1000,
  minAllocationMb: 512,
  maxAllocationMb: undefined,
  maxAllocationVcores: undefined,
  maxAppAttempts: 1,
  maxCompletedApps: 10,
  rmAddress: '',
};

/** `left`: of a trace, containers that have not ended. */
type App = {
  readonly load: LoadApp;
  readonly attempt: AttemptId;
  readonly wanted: Map<number, { ask: LoadAsk; count: number; livesMs: number[] }>;
  release: ContainerId[];
  dirty: boolean;
  seq: number;
  acked: number;
  left: number;
};
type Live = { readonly app: App; readonly id: ContainerId; readonly endsAtMs: number };

const [file = '', kind = 'capacity', mode = 'steady', ...numbers] = process.argv.slice(2);
const load = JSON.parse(readFileSync(file, 'utf8')) as Load;
const signer = new TokenSigner({ keyId: 1, key: '5'.repeat(64) });
const random = new Prng(7);
const apps = new Map<AttemptId, App>();
const beats = new Map<NodeId, number>();
const ordered = new Set<NodeId>();
let live: Live[] = [];
let nowMs = 0;
let tokens = 0;
/** Of all that was ever placed: while the cluster is being filled nothing ends. */
let [filledMb, filledVcores] = [0, 0];
let decisions = new Float64Array(1 << 16);
let decided = 0;

const core = new RmCore(
  SETTINGS,
  { epoch: 0, clusterStartMs: FROM_MS, applicationSeq: 0, containerKeys: [], nmKeys: [], applications: [], attempts: [], nodesOut: [] },
  schedulerConfig(),
  FROM_MS,
);
const nodeIds = load.nodes.map(({ host }) => `${host}:45454` as NodeId);
load.nodes.forEach(({ host, memoryMb, vcores }, i) => {
  const nodeId = nodeIds[i]!;
  const capacity = { memoryMb, vcores };
  const about = { host, rack: '/default-rack', address: `tls:${host}:45454`, capacity, containers: [], version: '', applications: [] };
  core.handle({ tag: 'nodeRegistered', atMs: atMs(), nodeId, ...about });
  core.handle({ tag: 'nodeReady', atMs: atMs(), nodeId });
});
core.takeEffects();

const said: Record<string, unknown> = { scheduler: kind, nodes: load.nodes.length };
if (mode === 'replay') replay();
else steadily(Number(numbers[0]), Number(numbers[1]));
const sorted = decisions.subarray(0, decided).toSorted();
said.decisions = decided;
said.decisionP50Us = sorted[decided >> 1] ?? 0;
said.decisionP99Us = sorted[Math.floor(decided * 0.99)] ?? 0;
said.tokens = tokens;
said.rssMb = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(JSON.stringify(said));

function steadily(utilisation: number, wanted: number): void {
  for (const app of load.apps) add(app);
  const filling = stopwatch();
  for (const app of apps.values()) {
    if (used() >= utilisation) break;
    say(app);
    finish();
  }
  said.filled = live.length;
  said.fillSeconds = filling().seconds;
  said.utilisation = used();
  steady(Math.min(wanted / 2, 100_000)); // warm
  decided = 0;
  const watch = stopwatch();
  said.allocations = steady(wanted);
  Object.assign(said, watch());
  check();
}

function steady(wanted: number): number {
  let done = 0;
  for (let idle = 0; done < wanted && idle < 50; ) {
    for (let i = 0; i < BATCH && live.length > 0; i++) {
      const at = random.int(live.length);
      const one = live[at]!;
      live[at] = live.at(-1)!;
      live.pop();
      one.app.release.push(one.id);
    }
    const before = live.length;
    for (const app of apps.values()) if (app.release.length > 0 || app.dirty) say(app);
    for (const nodeId of ordered) beat(nodeId);
    ordered.clear();
    finish();
    const got = live.length - before;
    done += got;
    idle = got === 0 ? idle + 1 : 0;
  }
  return done;
}

function replay(): void {
  const coming = load.apps.toSorted((a, b) => (a.arrivalMs ?? 0) - (b.arrivalMs ?? 0));
  const ends = new Map<number, Live[]>();
  const watch = stopwatch();
  let done = 0;
  for (let next = 0; next < coming.length || apps.size > 0; nowMs += 1000) {
    for (; next < coming.length && (coming[next]!.arrivalMs ?? 0) <= nowMs; next++) say(add(coming[next]!));
    for (const { app, id } of ends.get(nowMs) ?? []) {
      app.release.push(id);
      app.left--;
    }
    ends.delete(nowMs);
    for (const app of apps.values()) if (app.release.length > 0 || app.dirty) say(app);
    for (const nodeId of nodeIds) beat(nodeId);
    finish();
    done += live.length;
    for (const one of live) {
      const at = Math.ceil(one.endsAtMs / 1000) * 1000;
      const then = ends.get(at);
      if (then) then.push(one);
      else ends.set(at, [one]);
    }
    live = [];
    for (const app of apps.values()) if (app.left === 0) end(app);
  }
  said.allocations = done;
  said.virtualSeconds = nowMs / 1000;
  Object.assign(said, watch());
}

function add(app: LoadApp): App {
  const id = core.newApplicationId();
  const submission = {
    ...{ name: 'app', type: 'YARN', user: app.user, queue: app.queue, tags: [], priority: app.priority },
    ...{ unmanaged: true, maxAttempts: 1 },
  };
  core.handle({ tag: 'applicationSubmitted', atMs: atMs(), id, submission, secret: 's' });
  const attempt = attemptId(id, 1);
  const about = { host: 'h', rpcPort: -1, trackingUrl: '', lastUpdateSeq: 0, epoch: 0, held: [], asks: [] };
  core.handle({ tag: 'driverRegistered', atMs: atMs(), attemptId: attempt, ...about });
  core.handle({ tag: 'driverReady', atMs: atMs(), attemptId: attempt });
  core.takeEffects();
  const wanted = new Map(app.asks.map((ask, i) => [i + 1, { ask, count: ask.count, livesMs: [...(ask.livesMs ?? [])] }]));
  const left = app.asks.reduce((sum, { count }) => sum + count, 0);
  const added: App = { load: app, attempt, wanted, release: [], dirty: true, seq: 0, acked: 0, left };
  apps.set(attempt, added);
  return added;
}

function end(app: App): void {
  say(app);
  apps.delete(app.attempt);
  const about = { finalStatus: 'SUCCEEDED', diagnostics: '', exitCode: 0 } as const;
  core.handle({ tag: 'driverUnregistered', atMs: atMs(), attemptId: app.attempt, ...about });
  core.takeEffects();
}

/** A driver gives back and asks. In the steady state it asks for as much again as it has got. */
function say(app: App): void {
  const asks: DriverAsk[] = [];
  if (app.dirty)
    for (const [askId, { ask, count }] of app.wanted) {
      const { priority, memoryMb, vcores, hosts } = ask;
      asks.push({ askId, priority, count, resource: { memoryMb, vcores }, hosts });
    }
  app.dirty = false;
  const { release } = app;
  app.release = [];
  const about = { seq: ++app.seq, asks, release, ackedUpdateSeq: app.acked, progress: 0, diagnostics: '' };
  decide(() => core.handle({ tag: 'driverAllocate', atMs: atMs(), attemptId: app.attempt, ...about }));
}

function beat(nodeId: NodeId): void {
  const seq = (beats.get(nodeId) ?? 0) + 1;
  beats.set(nodeId, seq);
  const about = { seq, reports: [], ackedOrders: Number.MAX_SAFE_INTEGER, healthy: true, healthReport: '' };
  decide(() => core.handle({ tag: 'nodeHeartbeat', atMs: atMs(), nodeId, ...about }));
}

/** The end of a turn of the event loop, which hands in whatever has come and then places: so much at once is one decision, there as here. */
function finish(): void {
  while (decide(() => core.schedule(DECISION)) === DECISION);
  for (const tell of core.takeEffects().tells) {
    if (tell.tag === 'tellNode') ordered.add(tell.nodeId);
    if (tell.tag !== 'tellDriver') continue;
    const app = apps.get(tell.attemptId);
    for (const update of tell.updates) {
      tokens += updateMessage(update, signer).granted.length;
      if (app !== undefined) took(app, update);
    }
  }
}

/** How long everybody else waits. */
function decide<T>(what: () => T): T {
  const from = performance.now();
  const result = what();
  if (decided === decisions.length) {
    const more = new Float64Array(decided * 2);
    more.set(decisions);
    decisions = more;
  }
  decisions[decided++] = (performance.now() - from) * 1000;
  return result;
}

function took(app: App, update: Parameters<typeof updateMessage>[0]): void {
  app.acked = update.seq;
  for (const { askId, container } of update.granted) {
    const wanted = app.wanted.get(askId)!;
    const lifeMs = wanted.livesMs.shift();
    if (lifeMs === undefined) app.dirty = true;
    else wanted.count--;
    filledMb += container.resource.memoryMb;
    filledVcores += container.resource.vcores;
    live.push({ app, id: container.id, endsAtMs: nowMs + (lifeMs ?? 0) });
  }
}

function atMs(): number {
  return FROM_MS + nowMs;
}

function used(): number {
  const { memoryMb, vcores } = core.cluster.scheduler.total;
  return Math.max(filledMb / memoryMb, filledVcores / vcores);
}

/** Nothing leaked, nothing over: a fast wrong scheduler is no figure. */
function check(): void {
  for (const node of core.cluster.nodes.values()) {
    const usedMb = [...node.containers.values()].reduce((sum, { resource }) => sum + resource.memoryMb, 0);
    if (usedMb > node.capacity.memoryMb) throw new Error(`${node.id} holds ${usedMb} of ${node.capacity.memoryMb} MB`);
  }
}

function stopwatch(): () => { seconds: number; cpuSeconds: number } {
  const [from, cpu] = [performance.now(), process.cpuUsage()];
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return { seconds: (performance.now() - from) / 1000, cpuSeconds: (user + system) / 1e6 };
  };
}

function schedulerConfig(): SchedulerConfig {
  if (kind === 'fair') {
    const parsed = parseXml(load.fairXml);
    if ('fault' in parsed) throw new Error(parsed.fault.detail);
    return allocationsFrom('load', parsed.root, { userAsDefaultQueue: true, allowUndeclaredPools: true }).queues;
  }
  const properties = Object.entries(load.capacity).map(([name, value], i) => ({ name, value, line: i + 1 }));
  return queuesFrom('load', properties);
}
