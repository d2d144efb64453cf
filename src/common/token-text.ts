// What a container token signs, as one line of text. Pure: who has the key is the ResourceManager (service/token-signer.ts
// signs) and the NodeManager (which checks). Source: YARN's ContainerTokenIdentifier, the same fields.
import type { ApplicationId, ContainerId, NodeId } from './ids.ts';
import type { Resource } from './resource.ts';

export type TokenFields = {
  readonly containerId: ContainerId;
  readonly nodeId: NodeId;
  readonly applicationId: ApplicationId;
  readonly user: string;
  readonly resource: Resource;
  /** ms since the epoch; a launch after this instant is refused. */
  readonly expiresAtMs: number;
  /** Which container-token master key the mac was made with. */
  readonly keyId: number;
};

/**
 * `containerId|nodeId|applicationId|user|memoryMb|vcores|expiresAtMs|keyId`, and for each countable resource `|name=amount` in the order of
 * names. Ids, numbers and user names have no `|`, names of resources neither (the ResourceManager checks them), so no two tokens share a text.
 */
export function tokenText(t: TokenFields): string {
  const text = `${t.containerId}|${t.nodeId}|${t.applicationId}|${t.user}|${t.resource.memoryMb}|${t.resource.vcores}|${t.expiresAtMs}|${t.keyId}`;
  const { others } = t.resource;
  if (others === undefined) return text;
  const names = Object.keys(others).sort();
  return `${text}${names.map((name) => `|${name}=${others[name]}`).join('')}`;
}
