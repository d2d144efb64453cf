// Connections that stand, looked through now and then: whose secret counts no more (the cluster's was replaced, a user's was taken back) is cut
// off, so that a stolen secret opens nothing that stays open. Who has a newer one connects again.
import type { SecretOf } from './auth.ts';
import type { Channel } from './channel.ts';

export class ProvenChannels {
  readonly #ids = new Map<Channel, string>();

  add(channel: Channel, id: string): void {
    this.#ids.set(channel, id);
    channel.stream.once('close', () => this.#ids.delete(channel));
  }

  look(secretOf: SecretOf): void {
    const known = new Map<string, readonly string[]>();
    for (const [channel, id] of this.#ids) {
      const secrets = known.get(id) ?? [secretOf(id) ?? []].flat();
      known.set(id, secrets);
      if (channel.provenWith === undefined || !secrets.includes(channel.provenWith))
        channel.destroy('the secret that it has proved counts no more');
    }
  }
}
