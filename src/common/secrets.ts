// The cluster's secret where it may be replaced while everything runs: one to prove oneself with, and those that are taken from others. Who reads
// them: platform/cluster-secret.ts; how they are replaced: docs/adr/0016.

export type Secrets = {
  readonly current: () => string;
  /** The current one first. */
  readonly accepted: () => readonly string[];
};

/** One that stays. */
export const onlySecret = (secret: string): Secrets => ({ current: () => secret, accepted: () => [secret] });
