// Answers drivers: launch a granted container, stop one. Checks at the door; the core then knows only genuine launches.
// The RM's own launch orders (cluster-mode drivers) come the same way through `accept`.
import { type AuditRecord, type AuditSink, auditLine } from '../../common/audit-line.ts';
import { AppError } from '../../common/errors.ts';
import type { ApplicationId, ContainerId } from '../../common/ids.ts';
import type { Clock, Logger } from '../../common/ports.ts';
import { containerLaunch, containerStop } from '../../rpc/messages/driver.ts';
import type { ContainerToken, LaunchContext } from '../../rpc/messages/shapes.ts';
import type { Peer } from '../../rpc/peer.ts';
import type { Container } from '../core/container-machine.ts';
import { EXIT } from '../core/exit-status.ts';
import type { NmCore } from '../core/nm-core.ts';
import type { KeyRing } from './key-ring.ts';
import type { NodeLoop } from './node-loop.ts';
import { wantedServices } from './shuffle-service.ts';

export type DriverServiceParts = {
  readonly core: NmCore;
  readonly loop: NodeLoop;
  readonly keys: KeyRing;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly audit?: AuditSink | undefined;
  /** yarn.nodemanager.aux-services */
  readonly auxServices: readonly string[];
};

export class DriverService {
  readonly #parts: DriverServiceParts;
  #stopping = false;

  constructor(parts: DriverServiceParts) {
    this.#parts = { ...parts, logger: parts.logger.named('ContainerManager') };
  }

  /** Whatever ended it. Source: YARN's NMAuditLogger and ContainerImpl. */
  ended({
    id,
    applicationId,
    user,
    end,
  }: Pick<Container, 'id' | 'applicationId' | 'user'> & { readonly end: { readonly exitStatus: number } }): void {
    this.#parts.logger.info(`Container ${id} ended with ${end.exitStatus}`);
    const how = end.exitStatus === 0 ? 'Succeeded' : end.exitStatus < 0 ? 'Killed' : 'Failed';
    const failed = how === 'Failed' && { description: `Container failed with state: EXITED_WITH_FAILURE (${end.exitStatus})` };
    this.#note({ user, operation: `Container Finished - ${how}`, target: 'ContainerImpl', applicationId, containerId: id, ...failed });
  }

  #note(record: AuditRecord): void {
    this.#parts.audit?.write(auditLine(record));
  }

  /** @param applicationId what the peer proved to speak for */
  serve(peer: Peer, applicationId: ApplicationId): void {
    peer.serve(containerLaunch, ({ token, launch }) => this.accept(token, launch, applicationId));
    peer.serve(containerStop, ({ containerId, reason }) => this.#stop(containerId, applicationId, reason));
  }

  /** From now on nothing is launched. */
  refuseAll(): void {
    this.#stopping = true;
  }

  /** @throws AppError TOKEN_REFUSED, LAUNCH_FAILED */
  accept(token: ContainerToken, launch: LaunchContext, from: ApplicationId | undefined): { containerId: ContainerId } {
    const { user, applicationId, containerId, resource } = token;
    const about = { user, operation: 'Start Container Request', target: 'ContainerManageImpl', applicationId, containerId };
    try {
      const accepted = this.#accept(token, launch, from);
      this.#note({ ...about, resource: `<memory:${resource.memoryMb}, vCores:${resource.vcores}>` });
      return accepted;
    } catch (error) {
      this.#note({ ...about, description: (error as Error).message });
      throw error;
    }
  }

  #accept(token: ContainerToken, launch: LaunchContext, from: ApplicationId | undefined): { containerId: ContainerId } {
    const { core, loop, keys, clock, logger, auxServices } = this.#parts;
    const { containerId, applicationId } = token;
    keys.check(token, from, core.knows(containerId, applicationId) ? 0 : clock.nowMs()); // a repeated launch may come after the expiry
    if (core.knows(containerId, applicationId)) return { containerId };
    const refuse = (detail: string) => new AppError('LAUNCH_FAILED', { containerId, detail });
    if (this.#stopping) throw refuse('the NodeManager is stopping');
    if (core.isFinished(applicationId)) throw refuse(`${applicationId} has finished`);
    const absent = wantedServices(launch).find((name) => !auxServices.includes(name));
    if (absent !== undefined) throw refuse(`The auxService:${absent} does not exist (yarn.nodemanager.aux-services)`);
    logger.info(
      `Start request for ${containerId} by user ${token.user} (${launch.kind}, ${token.resource.memoryMb} MB, ${token.resource.vcores} vcores)`,
    );
    loop.handle({ tag: 'launch', token, launch });
    return { containerId };
  }

  #stop(id: ContainerId, applicationId: ApplicationId, reason: string): Record<string, never> {
    const { core, loop, logger } = this.#parts;
    if (!core.knows(id, applicationId) || (core.get(id)?.applicationId ?? applicationId) !== applicationId)
      throw new AppError('CONTAINER_UNKNOWN', { containerId: id });
    logger.info(`Stop request for ${id}: ${reason}`);
    const user = core.get(id)?.user ?? '';
    this.#note({ user, operation: 'Stop Container Request', target: 'ContainerManageImpl', applicationId, containerId: id });
    loop.container(id, {
      tag: 'kill',
      end: {
        exitStatus: EXIT.KILLED_BY_APPMASTER,
        diagnostics: `Container killed by the ApplicationMaster.${reason === '' ? '' : ` ${reason}`}`,
      },
    });
    return {};
  }
}
