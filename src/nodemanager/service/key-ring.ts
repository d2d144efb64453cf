// The keys that the RM gave this node: what proves a container token and an application. Keys are hex texts, used as they are.
// All that the RM has told of last count, so a rotation refuses nobody who was promised something with the key before.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { AppError } from '../../common/errors.ts';
import type { ApplicationId } from '../../common/ids.ts';
import { tokenText } from '../../common/token-text.ts';
import type { ContainerToken } from '../../rpc/messages/shapes.ts';

type MasterKey = { readonly keyId: number; readonly key: string };

const hmac = (key: string, text: string): string => createHmac('sha256', key).update(text).digest('hex');

const LOG_TICKET = /^log:([^|]*)\|([^|]*)\|(\d+)\|(\d+)$/;
/** Whose logs a ticket opens, and to whom. */
export const ticketOf = (id: string): { user: string; applicationId: string } | undefined => {
  const parts = LOG_TICKET.exec(id);
  return parts === null ? undefined : { user: parts[1]!, applicationId: parts[2]! };
};

export class KeyRing {
  readonly #nodeId: string;
  #containerKeys = new Map<number, string>();
  #nmKeys: readonly MasterKey[] = [];
  #onKnown!: () => void;
  /** When the RM has told keys for the first time. */
  readonly known = new Promise<void>((resolve) => {
    this.#onKnown = resolve;
  });
  /** How far the ResourceManager's clock, by which tokens expire, is ahead of ours. */
  #aheadMs = 0;

  constructor(nodeId: string) {
    this.#nodeId = nodeId;
  }

  set(keys: { readonly containerKeys: readonly MasterKey[]; readonly nmKeys: readonly MasterKey[] }): void {
    this.#containerKeys = new Map(keys.containerKeys.map(({ keyId, key }) => [keyId, key]));
    this.#nmKeys = [...keys.nmKeys].sort((a, b) => b.keyId - a.keyId);
    this.#onKnown();
  }

  /** @param rmNowMs the ResourceManager's clock, which is not ours: the clocks of two hosts may be an hour apart, and no token is older for that */
  clocks(rmNowMs: number, nowMs: number): void {
    this.#aheadMs = rmNowMs - nowMs;
  }

  /** What a driver of this application may prove itself with, newest first; empty before the RM was ever reached. */
  secretsOf(applicationId: ApplicationId): readonly string[] {
    return this.#nmKeys.map(({ key }) => hmac(key, applicationId));
  }

  /**
   * What `log:<user>|<application>|<expiry>|<keyId>` must know; undefined when it is not of that form, has expired, or the key is gone.
   * Made by the RM for who may view the application.
   */
  logSecret(id: string, nowMs: number): string | undefined {
    const parts = LOG_TICKET.exec(id);
    const key =
      parts === null || Number(parts[3]) <= nowMs + this.#aheadMs
        ? undefined
        : this.#nmKeys.find(({ keyId }) => keyId === Number(parts[4]));
    return key && hmac(key.key, id);
  }

  /**
   * @param application who presents it; undefined when it came from the RM itself
   * @throws AppError TOKEN_REFUSED with the reason
   */
  check(token: ContainerToken, application: ApplicationId | undefined, nowMs: number): void {
    const refuse = (reason: string) => new AppError('TOKEN_REFUSED', { containerId: token.containerId, reason });
    const key = this.#containerKeys.get(token.keyId);
    if (key === undefined) throw refuse(`its key ${token.keyId} is not known here (any more)`);
    const [given, expected] = [Buffer.from(token.mac), Buffer.from(hmac(key, tokenText(token)))];
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw refuse('the ResourceManager did not sign it');
    if (token.nodeId !== this.#nodeId) throw refuse(`it is for the node ${token.nodeId}, this is ${this.#nodeId}`);
    if (application !== undefined && token.applicationId !== application)
      throw refuse(`it belongs to ${token.applicationId}, not to ${application}`);
    const lateMs = nowMs + this.#aheadMs - token.expiresAtMs;
    if (lateMs >= 0) throw refuse(`it expired ${lateMs} ms ago`);
  }
}
