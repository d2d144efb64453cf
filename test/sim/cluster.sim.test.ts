// The ResourceManager under faults. A failing seed prints the line that replays it; it is fixed, and stays in seeds.txt.
// Which seeds: test/helpers/sim-seeds.ts.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inGroups, isSoak, simSeeds } from '../helpers/sim-seeds.ts';
import { ClusterSim, type SimOptions } from './cluster-sim.ts';
import { checkIdle } from './invariants.ts';

const kept = readFileSync(new URL('./seeds.txt', import.meta.url), 'utf8')
  .split('\n')
  .flatMap((line) => (/^\d+/.test(line) ? [Number.parseInt(line, 10)] : []));
const seeds = process.env['SIM_SEED'] === undefined ? [...kept, ...simSeeds(200)] : simSeeds(1);
const groups = inGroups(seeds, 25);

function run(seed: number, options: SimOptions = {}): ClusterSim {
  const { at } = options;
  const sim = new ClusterSim(seed, options);
  try {
    sim.runFor(70_000);
    sim.heal();
    sim.runFor(400_000);
    const { cluster } = sim.core!;
    for (const client of sim.clients) {
      if (!client.accepted) throw new Error(`${client.id} was never accepted`);
      const application = cluster.applications.get(client.id!);
      if (application === undefined) throw new Error(`${client.id} was accepted and is forgotten`);
    }
    checkIdle(sim.core!);
    const left = cluster.queueViews().find(({ dynamic }) => dynamic);
    if (left !== undefined) throw new Error(`queue ${left.path} was made for applications, has none any more and is still there`);
    for (const node of sim.nodes)
      if (node.containers.size > 0) throw new Error(`${node.id} still has ${[...node.containers.keys()].join(', ')}`);
  } catch (error) {
    throw new Error(
      `SIM_SEED=${seed}${at === undefined ? '' : ` (${at.what} in turn ${at.turn})`} fails: ${(error as Error).message}\n${sim.trace.join('\n')}`,
      { cause: error },
    );
  }
  return sim;
}

describe('cluster under faults', () => {
  const ends = { FINISHED: 0, FAILED: 0, KILLED: 0 };
  it.each(groups)('loses nothing and ends everything, seeds from %i', { timeout: 600_000 }, (...group) => {
    for (const seed of group) {
      for (const { state } of run(seed).core!.cluster.applications.values()) if ('ending' in state) ends[state.tag]++;
    }
  });
  it('lets most come through, or it would only look at failures', () => {
    if (seeds.length >= 50 && ends.FINISHED + ends.FAILED > 0) expect(ends.FINISHED).toBeGreaterThan(ends.FAILED * 2);
  });

  // A seed with one ResourceManager, and one with two: there the other one takes over, and who was stopped goes on after that.
  it.each([
    { seed: 5, what: 'dead' },
    { seed: 9, what: 'dead' },
    { seed: 9, what: 'stopped' },
    { seed: 9, what: 'stoppedLate' },
  ] as const)(
    'loses nothing when, seed $seed, a ResourceManager is $what between commit and tell in any turn',
    { timeout: 600_000 },
    (c) => {
      const turns = run(c.seed).tellingTurns;
      expect(turns).toBeGreaterThan(50);
      // All of them in a soak; else some twenty, spread over the run.
      const step = isSoak ? 1 : Math.ceil(turns / 20);
      for (let turn = 1; turn <= turns; turn += step) run(c.seed, { at: { turn, what: c.what } });
    },
  );

  // Nobody is lost by it and nothing begins anew: the time in which nobody could be heard, or that never was, is held against nobody.
  it.each(groups)(
    'clocks that are set, and a ResourceManager that stands still or stands by, end no attempt and lose no node, seeds from %i',
    {
      timeout: 600_000,
    },
    (...group) => {
      const only = ['rmClock', 'nodeClock', 'suspend', 'stop', 'failover', 'rm'] as const;
      for (const seed of group) {
        const { nodes, applications } = run(seed, { only }).core!.cluster;
        const lost = [...nodes.values()].filter((n) => n.state.tag !== 'RUNNING').map((n) => `${n.id} ${n.state.tag}`);
        // What another queue had a right to is no matter of time.
        const ended = (a: (typeof all)[number]) =>
          a.attempts.slice(0, -1).filter(({ diagnostics }) => !diagnostics.includes('exitCode: -102'));
        const all = [...applications.values()];
        const ends = all.filter((a) => a.state.tag !== 'FINISHED' || ended(a).length > 0);
        const said = ends.map((a) => `${a.id} ${a.state.tag} with ${a.attempts.length} attempts: ${a.attempts[0]!.diagnostics}`);
        expect([...lost, ...said], `SIM_SEED=${seed}`).toEqual([]);
      }
    },
  );

  it('is the same run for the same seed', () => {
    const sums = [7, 7].map((seed) => {
      const sim = run(seed);
      return [...sim.core!.cluster.applications.values()].map((a) => [a.id, a.state, a.memoryMbMs]);
    });
    expect(sums[0]).toEqual(sums[1]);
  });
});
