// Which seeds a simulation runs with: a few in `npm test`, thousands in `npm run test:soak`.
//   SIM_SEED=17   that one alone          SIM_SEEDS=5000   a soak          SIM_FIRST_SEED=100000   other seeds
const { SIM_SEED, SIM_SEEDS, SIM_FIRST_SEED } = process.env;

export const isSoak = SIM_SEEDS !== undefined;

/** @param usual how many there are when nothing is said */
export const simSeeds = (usual: number): number[] =>
  SIM_SEED === undefined
    ? Array.from({ length: Number(SIM_SEEDS ?? usual) }, (_, i) => Number(SIM_FIRST_SEED ?? 1) + i)
    : [Number(SIM_SEED)];

/** Some at a time, so that no single test takes long however many there are. */
export const inGroups = (seeds: readonly number[], size: number): number[][] =>
  Array.from({ length: Math.ceil(seeds.length / size) }, (_, i) => seeds.slice(i * size, (i + 1) * size));
