// What happens to a simulated cluster while faults are on: seeded, at random times of its first minute. Who dies, hangs, is cut off; whose clock is
// set; what operators do meanwhile.
import type { Prng } from '../../src/common/prng.ts';
import { pathIn } from './cluster-settings.ts';
import type { ClusterSim } from './cluster-sim.ts';
import type { SimNode } from './sim-node.ts';

type Fault = (sim: ClusterSim, p: Prng) => void;

const node = (sim: ClusterSim, p: Prng): SimNode => p.pick(sim.nodes);
const driver = (sim: ClusterSim, p: Prng) => {
  const up = [...sim.drivers.values()].filter((d) => d.up);
  return up.length === 0 ? undefined : p.pick(up);
};
/** A little, as a time server corrects it; or by hours, as a person does. */
const clockStep = (p: Prng): number => (p.chance(0.5) ? p.int(3_000) - 1_500 : p.int(7_200_000) - 3_600_000);
/** An id that the active one knows. */
const liveApplication = (sim: ClusterSim, p: Prng) => {
  const { id } = p.pick(sim.clients);
  const application = id === undefined ? undefined : sim.core?.cluster.applications.get(id);
  return application === undefined || 'ending' in application.state ? undefined : application.id;
};
const stateOf = (sim: ClusterSim, { id }: SimNode) => sim.core?.cluster.nodes.get(id)?.state.tag;
const FAULTS = {
  rm: (sim, p) => sim.crashRm(p.pick(sim.rms), 'at rest'),
  active: (sim) => {
    const rm = sim.find();
    if (rm !== undefined) sim.crashRm(rm, 'while it is active');
  },
  stop: (sim, p) => p.pick(sim.rms).stop(3_000 + p.int(25_000), false),
  suspend: (sim, p) => p.pick(sim.rms).stop(1_000 + p.int(40_000), true),
  rmClock: (sim, p) => {
    const rm = p.pick(sim.rms);
    if (!rm.stopped) rm.wallOffMs += clockStep(p);
  },
  failover: (sim) => {
    const rm = sim.find();
    if (rm?.stopped === false) rm.role?.transition('standby');
  },
  node: (sim, p) => {
    const one = node(sim, p);
    one.crash();
    sim.time.after(p.int(6_000), () => one.start());
  },
  longNode: (sim, p) => {
    const one = node(sim, p);
    one.crash();
    sim.time.after(12_000 + p.int(6_000), () => one.start());
  },
  reboot: (sim, p) => {
    const one = node(sim, p);
    one.reboot();
    sim.time.after(p.int(15_000), () => one.start());
  },
  hangNode: (sim, p) => node(sim, p).hang(1_000 + p.int(25_000)),
  nodeClock: (sim, p) => {
    node(sim, p).wallOffMs += clockStep(p);
  },
  /** Started again with other settings. */
  resettle: (sim, p) => {
    const one = node(sim, p);
    one.crash();
    const capacity = { memoryMb: 2048 * (1 + p.int(5)), vcores: 2 * (1 + p.int(5)) };
    if (capacity.memoryMb < one.capacity.memoryMb || capacity.vcores < one.capacity.vcores) sim.shrunk.add(one.id);
    one.capacity = capacity;
    sim.time.after(p.int(6_000), () => one.start());
  },
  resize: (sim, p) => {
    const capacity = { memoryMb: 2048 * (1 + p.int(5)), vcores: 2 * (1 + p.int(5)) };
    sim.order({ tag: 'nodeResized', nodeId: node(sim, p).id, capacity });
  },
  decommission: (sim, p) => {
    const one = node(sim, p);
    if (stateOf(sim, one) === undefined) return;
    const [graceful, timeoutMs] = [p.chance(0.7), p.int(20_000)];
    sim.order({ tag: 'nodeDecommission', nodeId: one.id, graceful, timeoutMs, byList: p.chance(0.5) });
    if (p.chance(0.4)) sim.time.after(p.int(timeoutMs), () => sim.order({ tag: 'nodeRecommission', nodeId: one.id }));
  },
  sick: (sim, p) => {
    const one = node(sim, p);
    one.healthy = false;
    sim.time.after(p.int(20_000), () => {
      one.healthy = true;
    });
  },
  cutNode: (sim, p) => node(sim, p).connect(),
  cutDriver: (sim, p) => driver(sim, p)?.connect(),
  driver: (sim, p) => {
    const one = driver(sim, p);
    if (one !== undefined) sim.endDriver(one, 1);
  },
  hangDriver: (sim, p) => driver(sim, p)?.hang(1_000 + p.int(30_000)),
  kill: (sim, p) => {
    const id = liveApplication(sim, p);
    if (id !== undefined) sim.order({ tag: 'applicationKill', id, user: 'u', diagnostics: '' });
  },
  move: (sim, p) => {
    const id = liveApplication(sim, p);
    if (id !== undefined) sim.order({ tag: 'applicationMove', id, queue: pathIn(sim.queues, p.pick(['a', 'b', 'c']), 'v'), user: 'op' });
  },
  priority: (sim, p) => {
    const id = liveApplication(sim, p);
    if (id !== undefined) sim.order({ tag: 'applicationPriority', id, priority: p.int(4), user: 'op' });
  },
  queues: (sim, p) => sim.order({ tag: 'queuesRefreshed', queues: p.pick(sim.queues) }),
} satisfies Record<string, Fault>;
export type FaultName = keyof typeof FAULTS;

export function scheduleFaults(sim: ClusterSim, p: Prng, names = Object.keys(FAULTS) as readonly FaultName[]): void {
  for (let i = 0, n = p.int(18); i < n; i++) {
    sim.time.after(p.int(60_000), () => {
      if (sim.healed) return;
      const name = p.pick(names);
      sim.trace.push(`${sim.time.nowMs} ${name}`);
      (FAULTS[name] as Fault)(sim, p);
    });
  }
}
