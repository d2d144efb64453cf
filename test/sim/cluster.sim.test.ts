// The ResourceManager under faults. A failing seed prints the line that replays it; it is fixed, and stays in seeds.txt.
//   SIM_SEED=17   that one alone          SIM_SEEDS=20000   a soak
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ClusterSim } from './cluster-sim.ts';
import { checkIdle } from './invariants.ts';

const kept = readFileSync(new URL('./seeds.txt', import.meta.url), 'utf8')
  .split('\n')
  .flatMap((line) => (/^\d+/.test(line) ? [Number.parseInt(line, 10)] : []));
const count = Number(process.env.SIM_SEEDS ?? 200);
const seeds = process.env.SIM_SEED ? [Number(process.env.SIM_SEED)] : [...kept, ...Array.from({ length: count }, (_, i) => i + 1)];

function run(seed: number, crashAt = 0): ClusterSim {
  const sim = new ClusterSim(seed, crashAt);
  try {
    sim.runFor(70_000);
    sim.heal();
    sim.runFor(400_000);
    const { cluster } = sim.rm.core!;
    for (const client of sim.clients) {
      if (!client.accepted) throw new Error(`${client.id} was never accepted`);
      const application = cluster.applications.get(client.id!);
      if (application === undefined) throw new Error(`${client.id} was accepted and is forgotten`);
    }
    checkIdle(sim.rm.core!);
    for (const node of sim.nodes)
      if (node.containers.size > 0) throw new Error(`${node.id} still has ${[...node.containers.keys()].join(', ')}`);
  } catch (error) {
    throw new Error(
      `SIM_SEED=${seed}${crashAt > 0 ? ` (killed in turn ${crashAt})` : ''} fails: ${(error as Error).message}\n${sim.trace.join('\n')}`,
      { cause: error },
    );
  }
  return sim;
}

describe('cluster under faults', () => {
  it(`loses nothing and ends everything, seeds ${seeds.length}`, { timeout: 600_000 }, () => {
    const ends = { FINISHED: 0, FAILED: 0, KILLED: 0 };
    for (const seed of seeds) {
      for (const { state } of run(seed).rm.core!.cluster.applications.values()) if ('ending' in state) ends[state.tag]++;
    }
    // Faults fail some; most must come through, or the simulation only looks at failures.
    if (seeds.length >= 50) expect(ends.FINISHED).toBeGreaterThan(ends.FAILED * 2);
  });

  it('loses nothing when the ResourceManager is killed between commit and tell in any turn of a run', { timeout: 600_000 }, () => {
    const turns = run(3).tellingTurns;
    expect(turns).toBeGreaterThan(50);
    // All of them in a soak; else some forty, spread over the run.
    const step = process.env.SIM_SEEDS ? 1 : Math.ceil(turns / 40);
    for (let turn = 1; turn <= turns; turn += step) run(3, turn);
  });

  it('is the same run for the same seed', () => {
    const sums = [7, 7].map((seed) => {
      const sim = run(seed);
      return [...sim.rm.core!.cluster.applications.values()].map((a) => [a.id, a.state, a.memoryMbMs]);
    });
    expect(sums[0]).toEqual(sums[1]);
  });
});
