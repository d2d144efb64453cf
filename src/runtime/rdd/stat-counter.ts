// Count, mean, variance, extremes in one pass, mergeable. Source: Spark's StatCounter.scala (Welford; Chan et al. for merging).

export class StatCounter {
  count = 0;
  mean = 0;
  /** Sum of squared distances from the mean. */
  m2 = 0;
  max = Number.NEGATIVE_INFINITY;
  min = Number.POSITIVE_INFINITY;

  constructor(values: Iterable<number> = []) {
    for (const value of values) this.merge(value);
  }

  merge(value: number): this {
    const delta = value - this.mean;
    this.count++;
    this.mean += delta / this.count;
    this.m2 += delta * (value - this.mean);
    this.max = Math.max(this.max, value);
    this.min = Math.min(this.min, value);
    return this;
  }

  mergeCounter(other: StatCounter): this {
    if (other.count === 0) return this;
    if (this.count === 0)
      return Object.assign(this, { count: other.count, mean: other.mean, m2: other.m2, max: other.max, min: other.min });
    const delta = other.mean - this.mean;
    const total = this.count + other.count;
    if (other.count * 10 < this.count) this.mean += (delta * other.count) / total;
    else if (this.count * 10 < other.count) this.mean = other.mean - (delta * this.count) / total;
    else this.mean = (this.mean * this.count + other.mean * other.count) / total;
    this.m2 += other.m2 + (delta * delta * this.count * other.count) / total;
    this.count = total;
    this.max = Math.max(this.max, other.max);
    this.min = Math.min(this.min, other.min);
    return this;
  }

  get sum(): number {
    return this.count * this.mean;
  }

  /** Of the population; NaN when empty. */
  get variance(): number {
    return this.count === 0 ? Number.NaN : this.m2 / this.count;
  }

  get stdev(): number {
    return Math.sqrt(this.variance);
  }

  /** Corrected by n - 1; NaN for fewer than two. */
  get sampleVariance(): number {
    return this.count <= 1 ? Number.NaN : this.m2 / (this.count - 1);
  }

  get sampleStdev(): number {
    return Math.sqrt(this.sampleVariance);
  }

  toString(): string {
    const [mean, stdev, max, min] = [this.mean, this.stdev, this.max, this.min].map((x) => x.toFixed(6));
    return `(count: ${this.count}, mean: ${mean}, stdev: ${stdev}, max: ${max}, min: ${min})`;
  }
}
