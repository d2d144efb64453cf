// The keys that sign container tokens, and those that drivers' secrets for nodes are made from: replaced while the cluster runs.
// What happens when is core/token-keys.ts. A key is on the disk before anybody hears of it; nodes hear of it with the answer to their
// next heartbeat. A restart goes on where the process before ended.
import type { Clock, Logger } from '../../common/ports.ts';
import type { ContainerToken } from '../../rpc/messages/shapes.ts';
import type { Container } from '../core/entities.ts';
import { currentKey, type KeyTimes, mustRoll, outlived, type TokenKey } from '../core/token-keys.ts';
import { TokenSigner } from './token-signer.ts';

export type KeyKind = 'container' | 'nm';
export type KeyStore = {
  /** Durable when it returns. */
  addKey(kind: KeyKind, key: TokenKey): void;
  dropKey(kind: KeyKind, keyId: number): void;
};
export type MasterKeysParts = {
  readonly store: KeyStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly newKey: () => string;
  readonly container: KeyTimes;
  readonly nm: KeyTimes;
  /** Signed before that, tokens have expired. */
  readonly tokensLiveMs: number;
  /** When the oldest application that lives was submitted: its driver has a secret of that time. */
  readonly oldestApplicationMs: () => number | undefined;
};

export class MasterKeys {
  readonly #parts: MasterKeysParts;
  readonly #keys: Record<KeyKind, TokenKey[]>;
  #signer: { readonly keyId: number; readonly signer: TokenSigner } | undefined;
  /** Grows with every change: who was told an older one must be told again. */
  version = 1;

  constructor(parts: MasterKeysParts, found: Readonly<Record<KeyKind, readonly TokenKey[]>>) {
    this.#parts = parts;
    this.#keys = { container: [...found.container], nm: [...found.nm] };
    this.look();
  }

  /** All that a node must know, oldest first. */
  all(kind: KeyKind): { keyId: number; key: string }[] {
    return this.#keys[kind].map(({ keyId, key }) => ({ keyId, key }));
  }

  current(kind: KeyKind): TokenKey {
    return currentKey(this.#keys[kind], this.#parts.clock.nowMs(), this.#parts[kind]);
  }

  token(container: Container): ContainerToken {
    const key = this.current('container');
    if (this.#signer?.keyId !== key.keyId) this.#signer = { keyId: key.keyId, signer: new TokenSigner(key) };
    return this.#signer.signer.token(container);
  }

  /** To be called every now and then: makes the next one when it is time, and drops what nothing depends on. */
  look(): void {
    const { clock, tokensLiveMs, oldestApplicationMs } = this.#parts;
    const nowMs = clock.nowMs();
    this.#roll('container', nowMs, nowMs - tokensLiveMs);
    this.#roll('nm', nowMs, Math.min(nowMs, oldestApplicationMs() ?? nowMs));
  }

  #roll(kind: KeyKind, nowMs: number, inUseSinceMs: number): void {
    const { store, newKey, logger } = this.#parts;
    const keys = this.#keys[kind];
    const times = this.#parts[kind];
    for (const { keyId } of outlived(keys, inUseSinceMs, times)) {
      store.dropKey(kind, keyId);
      keys.shift();
      this.version++;
    }
    if (!mustRoll(keys, nowMs, times)) return;
    const made = { keyId: (keys.at(-1)?.keyId ?? 0) + 1, key: newKey(), madeAtMs: nowMs };
    store.addKey(kind, made);
    keys.push(made);
    this.version++;
    if (keys.length > 1)
      logger.info(
        `Going to activate ${kind === 'container' ? 'container-token' : 'NM-token'} master key ${made.keyId} in ${times.activationMs} ms`,
      );
  }
}
