// Who reaches whom between hosts, for `emberloom doctor`: a node tries addresses on behalf of who asks.
import { bool, list, object, optional, text, whole } from '../../common/shape.ts';
import { defineRpc } from '../define-rpc.ts';

/**
 * fault: nothing when it is reached; `name` the host's name is not known, `route` no way there or no answer (a firewall, a host that is off),
 * `refused` nobody listens there, `tls` what listens there speaks no TLS or shows a certificate that is not trusted, `secret` the proof of
 * identity failed: another secret, or somebody in between; `silent` it took the connection and says nothing; `stranger` it is none of this cluster's, and was not tried. detail: the system's words.
 */
export const aProbe = object({ address: text, reached: bool, fault: text, detail: text, tookMs: whole });

export const nodeReach = defineRpc({
  version: 1,
  name: 'node.reach',
  from: 'client',
  to: 'NodeManager',
  timeoutMs: 30_000,
  safeToRepeat: true,
  doc: `Tries these addresses from this node, each as who it is for: \`daemon\` with a proof of the cluster's secret, \`port\` only that somebody takes the connection. The reply
also has the node's clock, and where its shuffle service is reached.`,
  request: object({ daemons: list(text, 1_000), ports: list(text, 1_000) }),
  reply: object({ nowMs: whole, shuffleAddress: optional(text), probes: list(aProbe) }),
  errors: [],
});

export const reachMessages = [nodeReach] as const;
