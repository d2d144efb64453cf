// The application master of `emberloom run`: asks for containers, launches the command in each, starts it again as the policy says, and
// ends when all instances have. In the client's process, or (--detach) in a container of its own. Which instance is where: replicas.ts.
import { type ApplicationId, type AttemptId, applicationOfAttempt, type ContainerId } from '../../common/ids.ts';
import type { Logger, Timers } from '../../common/ports.ts';
import { resource } from '../../common/resource.ts';
import { connectPeer, untilReached } from '../../rpc/connect.ts';
import type { RequestOf } from '../../rpc/define-rpc.ts';
import { containerLaunch } from '../../rpc/messages/driver.ts';
import type { Peer } from '../../rpc/peer.ts';
import { RmSession, type Update } from '../../rpc/rm-session.ts';
import type { Transport } from '../../rpc/transport.ts';
import { type End, Replicas } from './replicas.ts';
import type { RunSpec } from './spec.ts';

export type MasterOptions = {
  readonly spec: RunSpec;
  readonly attemptId: AttemptId;
  readonly secret: string;
  readonly rmAddress: string;
  readonly host: string;
  readonly transport: Transport;
  readonly timers: Timers;
  readonly log: Logger;
  /** An instance has begun: for whoever shows what it writes. */
  readonly onStarted?: (started: Started) => void;
  readonly onEnded?: (container: ContainerId) => void;
  /** Between the end of the last instance and the application's: what they wrote is still where it was. */
  readonly beforeEnd?: () => Promise<void>;
  /** Containers are waited for, with the ResourceManager's reason; undefined: not any more. */
  readonly onWaiting?: (reason: string | undefined) => void;
};
export type Started = { readonly index: number; readonly containerId: ContainerId; readonly nodeAddress: string };
export type Outcome = { readonly exitCode: number; readonly diagnostics: string };

const ASK_ID = 1;
const LAUNCH_FAILED = -1_000;

export class CommandMaster {
  readonly #options: MasterOptions;
  readonly #replicas: Replicas;
  readonly #session: RmSession;
  readonly #applicationId: ApplicationId;
  readonly #nodes = new Map<string, Promise<Peer>>();
  /** Launches that are not answered yet, with the ends that were told before: two connections have no common order. */
  readonly #launching = new Map<ContainerId, End | undefined>();
  #finish: (outcome: Outcome) => void = () => {};
  #fail: (error: Error) => void = () => {};
  #over = false;

  constructor(options: MasterOptions) {
    const { spec, transport, timers, log, rmAddress, attemptId, secret, host } = options;
    this.#options = options;
    this.#applicationId = applicationOfAttempt(attemptId);
    this.#replicas = new Replicas(spec.num, spec.restartPolicy, spec.maxRestarts < 0 ? Number.POSITIVE_INFINITY : spec.maxRestarts);
    this.#session = new RmSession({ transport, timers, waits: timers, log, rmAddress, attemptId, secret, host });
  }

  /**
   * Runs to the end of all instances, and tells the ResourceManager.
   * @throws AppError APPLICATION_KILLED when somebody ended it, RESOURCE_TOO_LARGE, RM_UNREACHABLE, …
   */
  async run(): Promise<Outcome> {
    const ended = new Promise<Outcome>((resolve, reject) => {
      this.#finish = resolve;
      this.#fail = reject;
    });
    ended.catch(() => {}); // the registration may fail first
    this.#session.handlers = {
      holdings: () => ({ held: this.#replicas.held, asks: this.#asks() }),
      onUpdate: (update) => this.#update(update),
      onWaiting: (_, reason) => this.#options.onWaiting?.(reason),
      onEnded: (error) => this.#fail(error),
    };
    try {
      await this.#session.start();
      this.#session.tell();
      const outcome = await ended;
      this.#over = true;
      await this.#options.beforeEnd?.();
      await this.#session.stop({ finalStatus: outcome.exitCode === 0 ? 'SUCCEEDED' : 'FAILED', ...outcome });
      return outcome;
    } catch (error) {
      this.#over = true;
      const { message } = error as Error;
      await this.#session.stop({ finalStatus: 'FAILED', diagnostics: message, exitCode: 1 });
      throw error;
    } finally {
      for (const node of this.#nodes.values())
        node.then(
          (peer) => peer.close(),
          () => {},
        );
    }
  }

  #asks() {
    const { memoryMb, vcores } = this.#options.spec;
    return [{ askId: ASK_ID, priority: 1, count: this.#over ? 0 : this.#replicas.wanted, resource: resource(memoryMb, vcores), hosts: [] }];
  }

  #update({ granted, completed, leavingNodes }: Update): void {
    leavingNodes.forEach(this.#session.leftNode); // instances leave nothing there that another needs
    for (const { token, nodeAddress, host } of granted) {
      const taken = this.#over ? undefined : this.#replicas.granted(token.containerId);
      if (taken === undefined) this.#session.release(token.containerId);
      else if (taken.fresh) void this.#launch(taken.index, token, nodeAddress, host);
    }
    for (const { containerId, ...end } of completed) {
      // A process has run, so its NodeManager's answer is on its way; what it wrote is shown to who hears of its beginning first.
      if (end.exitStatus >= 0 && this.#launching.has(containerId)) this.#launching.set(containerId, end);
      else this.#ended(containerId, end);
    }
  }

  async #launch(index: number, token: RequestOf<typeof containerLaunch>['token'], nodeAddress: string, host: string): Promise<void> {
    const { spec, log, onStarted } = this.#options;
    const { containerId } = token;
    const launch: RequestOf<typeof containerLaunch>['launch'] = {
      kind: 'command',
      args: [...spec.argv],
      user: spec.user,
      resources: [...spec.resources],
      secretEnv: {},
      env: { ...spec.env, EMBERLOOM_RUN_INDEX: String(index), EMBERLOOM_RUN_NUM: String(spec.num) },
    };
    this.#launching.set(containerId, undefined);
    const failure = await untilReached(async () => (await this.#node(nodeAddress)).call(containerLaunch, { token, launch })).then(
      () => undefined,
      (error: Error) => error,
    );
    const end = this.#launching.get(containerId);
    this.#launching.delete(containerId);
    if (this.#over) return;
    if (failure !== undefined && end === undefined) {
      this.#session.release(containerId);
      this.#ended(containerId, { exitStatus: LAUNCH_FAILED, diagnostics: failure.message });
      return;
    }
    log.info(`Instance ${index} runs in ${containerId} on ${host}`);
    this.#replicas.launched(containerId);
    onStarted?.({ index, containerId, nodeAddress });
    if (end !== undefined) this.#ended(containerId, end);
  }

  #ended(containerId: ContainerId, end: End): void {
    if (this.#over) return;
    const { exitStatus, diagnostics } = end;
    const after = this.#replicas.ended(containerId, end);
    if (after === undefined) return;
    const { log, timers, onEnded } = this.#options;
    onEnded?.(containerId);
    const said = `Instance ${after.index} ended with exit status ${exitStatus}${exitStatus < 0 ? ` (${diagnostics.trim().split('\n')[0]})` : ''}`;
    if (after.tag === 'done') log.info(said);
    else {
      log.warn(`${said}; it is started again${after.afterMs > 0 ? ` in ${after.afterMs / 1_000} s` : ''}`);
      if (after.afterMs > 0)
        timers.after(after.afterMs, () => {
          this.#replicas.rested(after.index);
          this.#session.tell();
        });
    }
    if (this.#replicas.allDone) this.#finish(this.#replicas.outcome());
    else this.#session.tell();
  }

  #node(address: string): Promise<Peer> {
    const known = this.#nodes.get(address);
    if (known !== undefined) return known;
    const identity = { id: `app:${this.#applicationId}`, secret: this.#session.nmSecret };
    const connecting = connectPeer(this.#options.transport, address, `the NodeManager at ${address}`, identity).then((peer) => {
      peer.onClose = () => this.#nodes.delete(address);
      return peer;
    });
    connecting.catch(() => this.#nodes.delete(address));
    this.#nodes.set(address, connecting);
    return connecting;
  }
}
