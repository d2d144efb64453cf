// What dominant resource fairness promises (Ghodsi et al., NSDI 2011, section 4), on random clusters and demands: nobody has less than his part of
// the cluster would give him, nobody would rather have what another has, nothing is left that somebody could use. Containers are whole, so each
// promise holds but for a container or two: `slack` is the largest dominant share that one container takes.
import { describe, expect, it } from 'vitest';
import { Prng } from '../../../../../../src/common/prng.ts';
import { World } from './harness.ts';

type Size = readonly [memoryMb: number, vcores: number];
const seeds = Array.from({ length: 100 }, (_, i) => i + 1);

const randomSize = (p: Prng): Size => [128 * (1 + p.int(16)), 1 + p.int(6)];
const dominant = ([memoryMb, vcores]: Size, total: Size): number => Math.max(memoryMb / total[0], vcores / total[1]);
/** How many of that size fit into that much. */
const fitting = (size: Size, into: Size): number => Math.floor(Math.min(into[0] / size[0], into[1] / size[1]));

/** @returns for each what it got of the cluster, when all want more than there is */
function sharedOut(p: Prng, among: 'applications' | 'queues', weights: readonly number[]) {
  const sizes = weights.map(() => randomSize(p));
  const names = weights.map((_, i) => `q${i}`);
  const world = new World(
    among === 'applications'
      ? '<queue name="q"><schedulingPolicy>drf</schedulingPolicy></queue>'
      : `<queue name="root"><schedulingPolicy>drf</schedulingPolicy>${names.map((name, i) => `<queue name="${name}"><weight>${weights[i]}</weight></queue>`).join('')}</queue>`,
  );
  const total: Size = [1024 * (100 + p.int(200)), 200 + p.int(400)];
  world.node(...total);
  const apps = weights.map((weight, i) =>
    world.app(among === 'queues' ? `root.q${i}` : 'root.q', { priority: among === 'queues' ? 0 : weight - 1 }),
  );
  for (const [i, app] of apps.entries()) world.ask(app, 5000, ...sizes[i]!);
  world.run();
  const counts = apps.map(({ containers }) => containers);
  const has = counts.map((n, i): Size => [n * sizes[i]![0], n * sizes[i]![1]]);
  const slack = Math.max(...sizes.map((size) => dominant(size, total)));
  const free = world.scheduler.freeOn(0);
  return { sizes, total, counts, has, slack, free: [free.memoryMb, free.vcores] as const };
}

describe.each(['applications', 'queues'] as const)('dominant resource fairness among %s', (among) => {
  it.each(seeds)('keeps its promises, seed %i', (seed) => {
    const p = new Prng(seed);
    const weights = Array.from({ length: 2 + p.int(5) }, () => 1);
    const { sizes, total, counts, has, slack, free } = sharedOut(p, among, weights);
    for (const [i, size] of sizes.entries()) {
      // Sharing incentive: at least as much as in a cluster of his own of 1/n the size.
      expect(dominant(has[i]!, total)).toBeGreaterThan(1 / sizes.length - 2 * slack);
      // Pareto efficiency: nothing is left that he could use.
      expect(fitting(size, free)).toBe(0);
      // Envy-freeness: with what another has he could not do more.
      const whole = Math.ceil(slack / dominant(size, total)) + 2;
      for (const other of has) expect(fitting(size, other)).toBeLessThanOrEqual(counts[i]! + whole);
    }
  });

  it.each(seeds.slice(0, 40))('with weights gives each his part at least, seed %i', (seed) => {
    const p = new Prng(1000 + seed);
    const weights = Array.from({ length: 2 + p.int(4) }, () => 1 + p.int(4));
    const { total, has, slack } = sharedOut(p, among, weights);
    const all = weights.reduce((sum, weight) => sum + weight, 0);
    const most = Math.max(...weights) / Math.min(...weights);
    for (const [i, weight] of weights.entries()) expect(dominant(has[i]!, total)).toBeGreaterThan(weight / all - (1 + most) * slack);
  });
});

describe('the policy fair', () => {
  it('does not promise as much: who needs many vcores and little memory takes them from the others', () => {
    const counts = ['fair', 'drf'].map((policy) => {
      const world = new World(`<queue name="q"><schedulingPolicy>${policy}</schedulingPolicy></queue>`);
      world.node(102_400, 100);
      const [wide, plain] = [world.app('q'), world.app('q')];
      world.ask(wide, 1000, 128, 4);
      world.ask(plain, 1000, 2048, 1);
      world.run();
      return [wide.containers, plain.containers];
    });
    expect(counts[0]![1]).toBeLessThan(10);
    expect(counts[1]![1]).toBeGreaterThan(20);
  });
});
