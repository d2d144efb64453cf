// The life of the keys that sign: made, told to the nodes, used after a delay in which every node that lives has heard of it, kept until
// nothing is left that it has signed. Pure; who makes keys, stores and tells them is service/master-keys.ts.
// Source: YARN's RMContainerTokenSecretManager and NMTokenSecretManagerInRM (rolling interval, activation delay).
//
//   made ──delay──▶ in use ──a later one comes into use──▶ accepted ──nothing of it is left──▶ gone

export type TokenKey = { readonly keyId: number; readonly key: string; readonly madeAtMs: number };

export type KeyTimes = {
  readonly rollEveryMs: number;
  /** 1.5 times the node expiry, as YARN's. */
  readonly activationMs: number;
};

/** The first key of a cluster is used at once: nobody has another. @param keys oldest first */
export const usedFromMs = (keys: readonly TokenKey[], at: number, { activationMs }: KeyTimes): number =>
  at === 0 ? keys[0]!.madeAtMs : keys[at]!.madeAtMs + activationMs;

/** The one that signs now. @param keys oldest first, at least one */
export function currentKey(keys: readonly TokenKey[], nowMs: number, times: KeyTimes): TokenKey {
  for (let at = keys.length - 1; at > 0; at--) if (usedFromMs(keys, at, times) <= nowMs) return keys[at]!;
  return keys[0]!;
}

/** One at a time is on its way, also when the interval is shorter than the delay. */
export function mustRoll(keys: readonly TokenKey[], nowMs: number, times: KeyTimes): boolean {
  const newest = keys.at(-1);
  if (newest === undefined) return true;
  return nowMs - newest.madeAtMs >= times.rollEveryMs && currentKey(keys, nowMs, times) === newest;
}

/**
 * Those that nothing depends on any more.
 * @param inUseSinceMs what was signed from then on may still be shown; a key is done with when its successor came into use before that
 */
export function outlived(keys: readonly TokenKey[], inUseSinceMs: number, times: KeyTimes): TokenKey[] {
  const gone: TokenKey[] = [];
  for (let at = 0; at < keys.length - 1; at++) {
    if (usedFromMs(keys, at + 1, times) > inUseSinceMs) break;
    gone.push(keys[at]!);
  }
  return gone;
}
