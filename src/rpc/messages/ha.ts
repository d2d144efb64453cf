// Administrators ↔ each of several ResourceManagers, active or standing by. The connection is proved with the cluster's secret as
// `admin:<user>`; a connection as `client:<user>` gets to the active one only.
import { object, oneOf, optional, text, whole } from '../../common/shape.ts';
import { defineRpc } from '../define-rpc.ts';

const fromAdmin = { version: 1, from: 'administrator', to: 'ResourceManager', timeoutMs: 10_000, safeToRepeat: true } as const;

/** `owner`: who has the lease, as far as this one can see; `web`: where the pages of that one are. */
export const haState = defineRpc({
  ...fromAdmin,
  name: 'ha.state',
  doc: 'What this ResourceManager is (YARN: getServiceStatus): active or standby, since when, who has the lease, and whether it is well (YARN: monitorHealth): `fault` says why not.',
  request: object({}),
  reply: object({
    id: text,
    state: oneOf('active', 'standby'),
    sinceMs: whole,
    epoch: whole,
    owner: text,
    web: text,
    fault: optional(text),
  }),
  errors: [],
});

export const haTransition = defineRpc({
  ...fromAdmin,
  name: 'ha.transition',
  doc: 'YARN: transitionToActive, transitionToStandby. An active one that is to stand by commits, gives the lease back, and does not take it again for three leases. One that is to become active is refused while another one has the lease.',
  request: object({ to: oneOf('active', 'standby') }),
  reply: object({ state: oneOf('active', 'standby') }),
  errors: ['HA_TRANSITION_REFUSED'],
});

export const haMessages = [haState, haTransition] as const;
