// An executor makes its shuffle folders known to the NodeManager's shuffle service, before it takes any task: what its map tasks will write can
// be read when it is gone. The other end is nodemanager/service/shuffle-service.ts. Source: BlockManager.registerWithExternalShuffleServer.
import type { Logger } from '../../common/ports.ts';
import { connectPeer } from '../../rpc/connect.ts';
import { shuffleRegister } from '../../rpc/messages/shuffle.ts';
import type { Transport } from '../../rpc/transport.ts';
import type { ExecutorLaunch } from './launch-environment.ts';

const ATTEMPTS = 3;
const WAIT_MS = 5_000;

/** Does nothing when the application does not use the service. @throws AppError of the last of three attempts: this executor is of no use */
export async function registerWithShuffleService(
  transport: Transport,
  { shuffleService, applicationId, executorId, secret }: ExecutorLaunch,
  shuffleDirs: readonly string[],
  log: Logger,
): Promise<void> {
  if (shuffleService === undefined) return;
  for (let attempt = 1; ; attempt++) {
    try {
      const me = { id: `block:${applicationId}/${executorId}`, secret };
      const peer = await connectPeer(transport, shuffleService, 'the shuffle service', me);
      await peer.call(shuffleRegister, { shuffleDirs: [...shuffleDirs] });
      peer.close();
      return;
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      log.warn(`Failed to register with the shuffle service, will retry ${ATTEMPTS - attempt} more times: ${(error as Error).message}`);
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    }
  }
}
