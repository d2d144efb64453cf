// The driver's word to the shuffle services of nodes that the files of a shuffle may go: they have those of executors that are gone, too, which
// nobody else on their hosts could delete. The other end is nodemanager/service/shuffle-service.ts. Source: spark.shuffle.service.removeShuffle.
import type { Logger } from '../../../common/ports.ts';
import { connectPeer } from '../../../rpc/connect.ts';
import { shuffleRemove } from '../../../rpc/messages/shuffle.ts';
import type { Transport } from '../../../rpc/transport.ts';

/** @param addresses of the services. Never rejects: what could not be deleted goes with the application */
export type RemoveFromServices = (shuffleId: number, addresses: readonly string[]) => Promise<void>;

export function removeFromServices(
  transport: Transport,
  application: { readonly applicationId: string; readonly secret: string },
  log: Logger,
): RemoveFromServices {
  const removeAt = async (address: string, shuffleId: number): Promise<void> => {
    try {
      const me = { id: `block:${application.applicationId}/driver`, secret: application.secret };
      const service = await connectPeer(transport, address, 'the shuffle service', me);
      await service.call(shuffleRemove, { shuffleIds: [shuffleId] });
      service.close();
    } catch (error) {
      log.warn(`Files of shuffle ${shuffleId} stay until the application ends: ${(error as Error).message}`);
    }
  };
  return async (shuffleId, addresses) => {
    await Promise.all([...new Set(addresses)].map((address) => removeAt(address, shuffleId)));
  };
}
