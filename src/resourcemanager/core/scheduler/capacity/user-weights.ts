// user-settings.<user>.weight: who counts as how many users in a queue and those below it. What it does to limits is user-part.ts.
// Source: YARN's UserWeights.
import type { QueueReader } from './queue-properties.ts';

export const USERS = 'user-settings';
export type UserWeights = ReadonlyMap<string, number>;

/** A queue's own, over those of its parent. */
export function userWeightsOf(reader: QueueReader, path: string, inherited: UserWeights): UserWeights {
  const weights = new Map(inherited);
  const start = `yarn.scheduler.capacity.${path}.${USERS}.`;
  for (const { name } of reader.below(path)) {
    const user = name.startsWith(start) ? /^(.+)\.weight$/.exec(name.slice(start.length))?.[1] : undefined;
    if (user === undefined) continue;
    const { value, line } = reader.get(path, `${USERS}.${user}.weight`)!;
    const weight = String(value ?? '').trim() === '' ? Number.NaN : Number(value);
    if (!Number.isFinite(weight) || weight < 0) reader.refuse(line, `${name} is ${JSON.stringify(value)}; expected a number of at least 0`);
    weights.set(user, weight);
  }
  return weights;
}

/** One who may have more than the whole queue would be a mistake. */
export function checkWeights(reader: QueueReader, path: string, weights: UserWeights, userLimitPercent: number): void {
  for (const [user, weight] of weights) {
    if (weight * userLimitPercent <= 100) continue;
    const p =
      reader.get(path, `${USERS}.${user}.weight`) ??
      reader.get(path, 'minimum-user-limit-percent') ??
      reader.get('', 'minimum-user-limit-percent');
    reader.refuse(
      p?.line ?? 1,
      `queue ${path}: the weight ${weight} of user ${user} times minimum-user-limit-percent ${userLimitPercent} is above 100`,
    );
  }
}
