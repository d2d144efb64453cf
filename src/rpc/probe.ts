// Whether an address is reached from here, and if not, at which step it ends: name, route, port, TLS, secret. Both sides of `emberloom doctor`.
import { farPartOf, netAddress } from '../common/address.ts';
import { AppError } from '../common/errors.ts';
import type { TypeOf } from '../common/shape.ts';
import { IS_STANDBY } from './auth.ts';
import { connectPeer, type Identity } from './connect.ts';
import type { aProbe } from './messages/reach.ts';
import type { Transport } from './transport.ts';

export type Probe = TypeOf<typeof aProbe>;

/** By the system's code, or how Node.js says it. */
const FAULTS: readonly (readonly [RegExp, string])[] = [
  [/ENOTFOUND|EAI_/, 'name'],
  [/EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|no answer in/, 'route'],
  [/ECONNREFUSED|ENOENT/, 'refused'],
  [/said nothing/, 'silent'],
];

/**
 * Never rejects.
 * @param me proves himself there; undefined: only the connection is made
 */
export async function probe(transport: Transport, address: string, me: Identity | undefined): Promise<Probe> {
  const startedMs = performance.now();
  const said = (reached: boolean, fault = '', detail = ''): Probe => ({
    address,
    reached,
    fault,
    detail,
    tookMs: Math.round(performance.now() - startedMs),
  });
  try {
    // From another host only the far part counts, and from the same one it is what others see.
    const far = farPartOf(address);
    const target = far === undefined ? address : netAddress(far);
    if (me === undefined) (await transport.connect(target)).destroy();
    else (await connectPeer(transport, target, 'the peer', me)).close();
    return said(true);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === 'AUTH_REFUSED') return said(false, 'secret', 'the proof of identity failed');
    const detail = String((error.params as { detail?: unknown }).detail ?? error.message);
    if (detail === IS_STANDBY) return said(true, '', detail); // it was heard, which is all that is asked of a way
    return said(false, FAULTS.find(([pattern]) => pattern.test(detail))?.[1] ?? 'tls', detail);
  }
}
