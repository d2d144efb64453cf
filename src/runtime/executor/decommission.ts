// The executor's part of being decommissioned: it asks for it when it gets the signal, and hands on its blocks when the driver says so. When it
// may end the driver decides (driver/service/decommissioner.ts). Source: Spark's CoarseGrainedExecutorBackend.decommissionSelf.
import { constants } from 'node:os';
import type { Logger } from '../../common/ports.ts';
import { SPARK_KEYS } from '../../common/spark-keys.ts';
import { executorDecommission, executorLeaving, executorMoved } from '../../rpc/messages/executor.ts';
import type { Peer } from '../../rpc/peer.ts';

export type DecommissionParts = {
  readonly driver: Peer;
  readonly executorId: string;
  readonly conf: ReadonlyMap<string, string>;
  /** Gives every block that is only here to another executor. @returns how many have a place there now, and how many found none */
  readonly handOn: () => Promise<{ blocks: number; left: number }>;
  readonly log: Logger;
};

/** Once a process: it listens for the signal from now on. Without spark.decommission.enabled the signal does what it does to any process. */
export function serveDecommission({ driver, executorId, conf, handOn, log }: DecommissionParts): void {
  const read = (key: { name: string; fallback: string | undefined }): string => conf.get(key.name) ?? key.fallback ?? '';
  if (read(SPARK_KEYS.decommission).toLowerCase() === 'true') {
    const signal = `SIG${read(SPARK_KEYS.decommissionSignal)}` as NodeJS.Signals;
    if (!(signal in constants.signals)) log.warn(`${signal} is no signal of this system: none decommissions this executor`);
    process.on(signal, () => {
      log.info(`Received ${signal}: asking the driver to be decommissioned`);
      driver.push(executorLeaving, { executorId: executorId as never, reason: `it received ${signal}` });
    });
  }
  driver.on(executorDecommission, ({ reason }) => {
    log.info(`Decommissioning (${reason}): handing on blocks`);
    void handOn()
      .catch((error: Error) => {
        log.warn(`Blocks could not be handed on: ${error.message}`);
        return { blocks: 0, left: 1 };
      })
      .then((moved) => driver.push(executorMoved, { executorId: executorId as never, ...moved }));
  });
}
