// Nodes that are taken out of the cluster with shuffle files of this application on them, also of executors that are long gone: the files go to
// others before the node does, and the ResourceManager hears when it may (driver.leftNode). Executors that still run there are decommissioner.ts.
// The other half is resourcemanager/core/leaving-nodes.ts.
import type { Logger } from '../../../common/ports.ts';
import type { ExecutorTable } from './executor-table.ts';
import type { ShuffleMigrator } from './shuffle-migrator.ts';

export type LeavingNodesPorts = {
  readonly migrator: ShuffleMigrator;
  readonly table: Pick<ExecutorTable, 'executors' | 'nodes'>;
  readonly left: (nodeId: string) => void;
  readonly log: Logger;
};

export class LeavingNodes {
  readonly #ports: LeavingNodesPorts;
  readonly #leaving = new Set<string>();

  constructor(ports: LeavingNodesPorts) {
    this.#ports = ports;
    ports.migrator.onChange.push(() => this.look());
  }

  begin(nodeId: string): void {
    const files = this.#ports.table.nodes.get(nodeId);
    if (files !== undefined && !this.#leaving.has(nodeId)) {
      this.#leaving.add(nodeId);
      this.#ports.migrator.beginNode(nodeId, files);
    }
    if (this.#leaving.has(nodeId)) this.look();
    else this.#ports.left(nodeId);
  }

  /** Something has moved, or an executor has ended. */
  look(): void {
    const { migrator, table, left, log } = this.#ports;
    for (const nodeId of [...this.#leaving]) {
      if ([...table.executors.values()].some((executor) => executor.nodeId === nodeId)) continue; // it may write more
      const settled = migrator.settled(nodeId);
      if (settled === undefined) continue;
      this.#leaving.delete(nodeId);
      migrator.end(nodeId);
      if (settled.moved > 0) log.info(`${settled.moved} shuffle files of ${nodeId} were handed on`);
      if (settled.left > 0)
        log.warn(
          `${settled.left} shuffle files of ${nodeId} found no place elsewhere: they go with it, and what can't be read is made again`,
        );
      left(nodeId);
    }
  }
}
