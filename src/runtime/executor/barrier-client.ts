// A barrier task's way to the meetings of its stage: the driver has them (barrier-coordinator.ts). What user code sees is rdd/barrier-task-context.ts.
import { barrierJoin, barrierSync } from '../../rpc/messages/barrier.ts';
import type { Peer } from '../../rpc/peer.ts';
import type { BarrierOfTask } from '../rdd/task-context.ts';

/** @returns what joins one task to the stage attempt of this key. @throws AppError BARRIER_FAILED when the stage has ended */
export const barrierClient =
  (driver: Peer) =>
  async (stageKey: number, taskId: number): Promise<BarrierOfTask> => {
    const { hosts } = await driver.call(barrierJoin, { stageKey });
    let meeting = 0;
    return {
      hosts,
      sync: async (kind, message) => (await driver.call(barrierSync, { stageKey, taskId, meeting: meeting++, kind, message })).messages,
    };
  };
