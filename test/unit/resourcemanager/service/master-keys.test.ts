// Keys that are replaced while tokens of the old ones are on their way: with seeded restarts of the RM and nodes that are late, no token
// that a live node is shown is refused, and no key stays for ever.
import { describe, expect, it } from 'vitest';
import type { ApplicationId, NodeId } from '../../../../src/common/ids.ts';
import { Prng } from '../../../../src/common/prng.ts';
import { KeyRing } from '../../../../src/nodemanager/service/key-ring.ts';
import { currentKey, mustRoll, outlived, type TokenKey } from '../../../../src/resourcemanager/core/token-keys.ts';
import { type KeyKind, MasterKeys } from '../../../../src/resourcemanager/service/master-keys.ts';
import { nmSecret } from '../../../../src/resourcemanager/service/token-signer.ts';

const TIMES = { rollEveryMs: 100_000, activationMs: 15_000 };
const key = (keyId: number, madeAtMs: number): TokenKey => ({ keyId, key: `k${keyId}`, madeAtMs });
const NODE = 'h:n1' as NodeId;
const APP = 'application_1_0001' as ApplicationId;

describe('the life of a key', () => {
  it('uses the first at once, and a later one only when every node that lives has heard of it', () => {
    expect(currentKey([key(1, 0)], 0, TIMES).keyId).toBe(1);
    const two = [key(1, 0), key(2, 100_000)];
    expect(currentKey(two, 114_999, TIMES).keyId).toBe(1);
    expect(currentKey(two, 115_000, TIMES).keyId).toBe(2);
  });

  it('makes the next one when it is time, never while one is still on its way', () => {
    expect(mustRoll([key(1, 0)], 99_999, TIMES)).toBe(false);
    expect(mustRoll([key(1, 0)], 100_000, TIMES)).toBe(true);
    const impatient = { rollEveryMs: 1_000, activationMs: 15_000 };
    expect(mustRoll([key(1, 0), key(2, 1_000)], 15_999, impatient)).toBe(false);
    expect(mustRoll([key(1, 0), key(2, 1_000)], 16_000, impatient)).toBe(true);
  });

  it('keeps the old one until nothing that it signed can be shown any more', () => {
    const two = [key(1, 0), key(2, 100_000)];
    expect(outlived(two, 114_999, TIMES)).toEqual([]);
    expect(outlived(two, 115_000, TIMES).map((k) => k.keyId)).toEqual([1]);
    expect(outlived([key(2, 100_000)], 1e12, TIMES)).toEqual([]);
  });
});

/** The RM's disk, its process that may be replaced, and a node that hears of keys by registering and by heartbeats. */
class World {
  nowMs = 1_000_000;
  readonly disk: Record<KeyKind, TokenKey[]> = { container: [key(1, this.nowMs)], nm: [key(1, this.nowMs)] };
  readonly node = new KeyRing(NODE);
  oldestApplicationMs: number | undefined;
  told = 0;
  keys = this.start();

  start(): MasterKeys {
    const quiet = { debug() {}, info() {}, warn() {}, error() {}, named: () => quiet };
    return new MasterKeys(
      {
        store: {
          addKey: (kind, made) => void this.disk[kind].push(made),
          dropKey: (kind, keyId) => {
            this.disk[kind] = this.disk[kind].filter((k) => k.keyId !== keyId);
          },
        },
        clock: { nowMs: () => this.nowMs },
        logger: quiet,
        newKey: () => `secret made at ${this.nowMs}`,
        container: TIMES,
        nm: TIMES,
        tokensLiveMs: 60_000,
        oldestApplicationMs: () => this.oldestApplicationMs,
      },
      { container: [...this.disk.container], nm: [...this.disk.nm] },
    );
  }

  restart(): void {
    this.keys = this.start();
    this.told = 0;
  }

  heartbeat(): void {
    if (this.told === this.keys.version) return;
    this.told = this.keys.version;
    this.node.set({ containerKeys: this.keys.all('container'), nmKeys: this.keys.all('nm') });
  }

  token() {
    const container = {
      id: 'container_1_0001_01_000001',
      node: { id: NODE },
      attempt: { application: { id: APP, submission: { user: 'ann' } } },
      resource: { memoryMb: 1, vcores: 1 },
      expiresAtMs: this.nowMs + 60_000,
    };
    return this.keys.token(container as never);
  }
}

describe('replacing keys in a cluster that runs', () => {
  for (let seed = 1; seed <= 40; seed++)
    it(`refuses no token that holds, whoever restarts when (seed ${seed})`, () => {
      const w = new World();
      const prng = new Prng(seed);
      const shown: { token: ReturnType<World['token']>; atMs: number }[] = [];
      let driver: { secret: string; endsAtMs: number } | undefined;
      let lastBeatMs = w.nowMs;
      w.heartbeat();
      const seen = new Set<number>();
      for (let step = 0; step < 3_000; step++) {
        w.nowMs += 250 + prng.int(500);
        if (prng.int(300) === 0) w.restart();
        else w.keys.look();
        // A node that is silent for longer than the expiry is LOST, and registers again.
        if (prng.int(8) === 0 || w.nowMs - lastBeatMs > 9_000) {
          w.heartbeat();
          lastBeatMs = w.nowMs;
        }
        if (prng.int(4) === 0) shown.push({ token: w.token(), atMs: w.nowMs + prng.int(59_000) });
        if (driver === undefined && prng.int(20) === 0) {
          w.oldestApplicationMs = w.nowMs;
          driver = { secret: nmSecret(w.keys.current('nm'), APP), endsAtMs: w.nowMs + prng.int(400_000) };
        }
        for (const { token } of shown.filter((t) => t.atMs <= w.nowMs && t.token.expiresAtMs > w.nowMs)) {
          w.node.check(token, APP, w.nowMs);
          seen.add(token.keyId);
        }
        for (let i = shown.length - 1; i >= 0; i--) if (shown[i]!.atMs <= w.nowMs) shown.splice(i, 1);
        if (driver !== undefined) expect(w.node.secretsOf(APP)).toContain(driver.secret);
        if (driver !== undefined && driver.endsAtMs <= w.nowMs) w.oldestApplicationMs = driver = undefined;
        expect(w.disk.container.length).toBeLessThanOrEqual(3);
      }
      expect(seen.size).toBeGreaterThan(8);
    });

  it('has keys from the disk, so that a restart neither makes new ones nor loses those on their way', () => {
    const w = new World();
    w.nowMs += 100_000;
    w.keys.look();
    const before = w.keys.all('container');
    expect(before.map((k) => k.keyId)).toEqual([1, 2]);
    w.restart();
    expect(w.keys.all('container')).toEqual(before);
    expect(w.keys.current('container').keyId).toBe(1);
    w.nowMs += 15_000;
    expect(w.keys.current('container').keyId).toBe(2);
  });
});
