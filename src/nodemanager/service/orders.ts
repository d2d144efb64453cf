// What the ResourceManager tells this node to do, turned into events. Every order is safe to repeat. A launch that is refused here
// is logged only: the container never appears in a report, and the RM's grant expires.
import type { ContainerSignal } from '../../common/container-signals.ts';
import type { ContainerId } from '../../common/ids.ts';
import type { Logger } from '../../common/ports.ts';
import { EXIT } from '../core/exit-status.ts';
import type { DriverService } from './driver-service.ts';
import type { KeyRing } from './key-ring.ts';
import type { NodeLoop } from './node-loop.ts';
import type { Orders, Registered } from './rm-link.ts';

export type OrderParts = {
  readonly loop: NodeLoop;
  readonly drivers: DriverService;
  readonly keys: KeyRing;
  readonly logger: Logger;
  readonly registerAgain: () => void;
  readonly shutdown: () => void;
  /** To all processes of a container that runs here. */
  readonly signal: (id: ContainerId, signal: ContainerSignal) => void;
};

export class OrderTaker {
  readonly #parts: OrderParts;

  constructor(parts: OrderParts) {
    this.#parts = parts;
  }

  registered(reply: Registered): void {
    const { keys, loop, logger } = this.#parts;
    keys.set(reply);
    logger.info(`Registered with the ResourceManager (epoch ${reply.epoch})`);
    for (const id of reply.kill) this.#kill(id);
    for (const applicationId of reply.finishedApplications) loop.handle({ tag: 'applicationFinished', applicationId });
  }

  take(orders: Orders): void {
    for (const order of orders) this.#one(order);
  }

  #one(order: Orders[number]): void {
    const { loop, logger, registerAgain, shutdown, signal } = this.#parts;
    switch (order.order) {
      case 'launch':
        this.#launch(order);
        break;
      case 'kill':
        if (order.containerId !== undefined) this.#kill(order.containerId);
        break;
      case 'signal':
        if (order.containerId !== undefined && order.signal !== undefined) signal(order.containerId, order.signal);
        break;
      case 'cleanupApplication':
        if (order.applicationId === undefined) break;
        logger.info(`Application ${order.applicationId} has finished: its containers end, its folders go.`);
        loop.handle({ tag: 'applicationFinished', applicationId: order.applicationId });
        break;
      case 'rotateKeys':
        registerAgain();
        break;
      case 'shutdown':
        shutdown();
        break;
      default:
        order.order satisfies never;
    }
  }

  #launch({ orderSeq, token, launch }: Orders[number]): void {
    const { drivers, logger } = this.#parts;
    if (token === undefined || launch === undefined) {
      logger.warn(`Order ${orderSeq} to launch names no container.`);
      return;
    }
    try {
      drivers.accept(token, launch, undefined);
    } catch (error) {
      logger.error(`The ResourceManager's launch was refused: ${(error as Error).message}`);
    }
  }

  #kill(id: ContainerId): void {
    this.#parts.loop.container(id, {
      tag: 'kill',
      end: { exitStatus: EXIT.KILLED_BY_RESOURCEMANAGER, diagnostics: 'Container killed by the ResourceManager.' },
    });
  }
}
