// How many copies of each row a sample takes. Without replacement bit for bit Spark's BernoulliSampler (with gaps below 0.4); with
// replacement Poisson by Knuth's method: the same distribution as Spark's, other rows.
import { XorShiftRandom } from '../../rdd/java-random.ts';

const GAP_BELOW = 0.4;
const SMALLEST_UNIFORM = 5e-11;

export function copiesOf(withReplacement: boolean, fraction: number, seed: bigint): () => number {
  const random = new XorShiftRandom(seed);
  if (fraction <= 0) return () => 0;
  if (withReplacement) return () => poisson(fraction, random);
  if (fraction >= 1) return () => 1;
  return fraction <= GAP_BELOW ? gaps(fraction, random) : () => (random.nextDouble() <= fraction ? 1 : 0);
}

/** Draws how many rows to leave out instead of a number per row. */
function gaps(fraction: number, random: XorShiftRandom): () => number {
  const logMiss = Math.log1p(-fraction);
  const draw = () => Math.trunc(Math.log(Math.max(random.nextDouble(), SMALLEST_UNIFORM)) / logMiss);
  let toDrop = draw();
  return () => {
    if (toDrop > 0) {
      toDrop--;
      return 0;
    }
    toDrop = draw();
    return 1;
  };
}

function poisson(mean: number, random: XorShiftRandom): number {
  // Sums of Poissons are Poisson: parts of at most 30 keep e^-mean far from 0.
  let total = 0;
  for (let left = mean; left > 0; left -= 30) {
    const limit = Math.exp(-Math.min(left, 30));
    for (let product = random.nextDouble(); product > limit; product *= random.nextDouble()) total++;
  }
  return total;
}
