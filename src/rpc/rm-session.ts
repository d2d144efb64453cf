// An application master's connection to the ResourceManager (a Spark driver's, or `emberloom run`'s): registers, asks, acknowledges, and comes back by itself when the
// RM has restarted, with what it holds and still wants. What is wanted is executor-allocation.ts. Source: YARN's AMRMClientAsync.
import { AppError } from '../common/errors.ts';
import type { ContainerId, NodeId } from '../common/ids.ts';
import { NOTHING, type Resource } from '../common/resource.ts';
import { isLost, RM_PATIENCE_MS } from './call-patiently.ts';
import { connectPeer } from './connect.ts';
import { isList, SILENT_RM_MS } from './connect-any.ts';
import {
  allocateUpdate,
  driverAlive,
  driverAllocate,
  driverLeftNode,
  driverPage,
  driverRegister,
  driverShutdown,
} from './messages/driver.ts';
import type { Peer } from './peer.ts';
import { sayGoodbye } from './rm-goodbye.ts';
import type { Ask, Ending, Registered, RmHandlers, RmSessionOptions, Update } from './rm-session-types.ts';

export type { Ask, Ending, Registered, RmHandlers, RmSessionOptions, Update } from './rm-session-types.ts';

const KEEP_ALIVE_MS = 3_000;
const RETRY_START_MS = 200;
const RETRY_FIRST_MS = 50;
const RETRY_MOST_MS = 2_000;
/** Without an RM for so long the application gives up, ms. Source: yarn.resourcemanager.connect.max-wait.ms is 15 minutes; executors go on meanwhile. */
const GIVE_UP_MS = 900_000;
/** How long the end waits for who is to hear of it: one that is started again; twice what a takeover may last; nobody, where the driver was told to end. */
const GOODBYE_MS = { restart: 30_000, takeover: 10_000, told: 0 };
const TOLD_ANSWER_MS = 3_000;

export class RmSession {
  handlers: RmHandlers = { holdings: () => ({ held: [], asks: [] }), onUpdate: () => {}, onEnded: () => {} };
  readonly #options: RmSessionOptions;
  #early: Update[] | undefined;
  #peer: Peer | undefined;
  #registered: Registered | undefined;
  #lastUpdateSeq = 0;
  #seq = 0;
  #release: ContainerId[] = [];
  #stopped = false;
  #page = '';
  /** The RM turned the driver away for good. */
  #over = false;
  #cancelKeepAlive: (() => void) | undefined;
  #cancelAlive: (() => void) | undefined;
  #comingBack = false;
  #waiting: string | undefined;
  #asking = false;
  #askAgain = false;

  constructor(options: RmSessionOptions) {
    this.#options = options;
  }

  /** @throws AppError RM_UNREACHABLE, AUTH_REFUSED, APPLICATION_UNKNOWN, RESOURCE_TOO_LARGE, … */
  async start(): Promise<Registered> {
    const registered = await this.#connectPatiently();
    this.#cancelKeepAlive = this.#options.timers.every(this.#oneOfSeveral ? KEEP_ALIVE_MS / 3 : KEEP_ALIVE_MS, () => this.tell());
    return registered;
  }

  /** Of several one may be stopped and keep its connections while another one is active: who does not answer is left soon. */
  get #oneOfSeveral(): boolean {
    return isList(this.#options.rmAddress);
  }

  get maximumAllocation(): Resource {
    return this.#registered?.maximumAllocation ?? NOTHING;
  }

  /** `1`, `2`, …: the application's attempts of its driver. */
  get attemptNumber(): string {
    return String(Number(this.#options.attemptId.split('_').at(-1)));
  }

  get nmSecret(): string {
    return this.#registered?.nmSecret ?? '';
  }

  /** Where the application's page is. Said again with every registration. */
  pageAt(url: string): void {
    this.#page = url;
    if (this.#registered !== undefined) this.#peer?.push(driverPage, { trackingUrl: url });
  }

  readonly leftNode = (nodeId: NodeId): void => void this.#peer?.push(driverLeftNode, { nodeId });

  release(containerId: ContainerId): void {
    this.#release.push(containerId);
    this.tell();
  }

  /** Says what is wanted now. One call is under way at a time; what changes meanwhile goes with the next. */
  tell(): void {
    if (this.#asking) this.#askAgain = true;
    else void this.#ask();
  }

  async stop(ending: Ending): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#cancelKeepAlive?.();
    this.#cancelAlive?.();
    const { attemptId, log } = this.#options;
    try {
      const told = ending.finalStatus === 'KILLED' || this.#over || this.#registered === undefined;
      await sayGoodbye(
        { attemptId, ...ending },
        {
          peer: () => this.#peer,
          connect: () => this.#connect(),
          waits: this.#options.waits,
          answerMs: this.#oneOfSeveral ? SILENT_RM_MS : told ? TOLD_ANSWER_MS : undefined,
          patienceMs: told ? GOODBYE_MS.told : this.#oneOfSeveral ? GOODBYE_MS.takeover : GOODBYE_MS.restart,
        },
      );
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'APPLICATION_FINISHED'))
        log.warn(`The ResourceManager did not hear of the end: ${(error as Error).message}`);
    }
    this.#peer?.close();
  }

  /** It took the application a moment ago, or launched this driver: when it is away now, it is being restarted. */
  async #connectPatiently(): Promise<Registered> {
    const { waits, log } = this.#options;
    for (let lostAtMs: number | undefined; ; ) {
      try {
        return await this.#connect();
      } catch (error) {
        if (!isLost(error) || this.#stopped || performance.now() - (lostAtMs ?? performance.now()) >= RM_PATIENCE_MS) throw error;
        if (lostAtMs === undefined) log.warn(`${error.message} Waiting for it, for up to ${RM_PATIENCE_MS / 1000} s.`);
        lostAtMs ??= performance.now();
        await new Promise<void>((resolve) => waits.after(RETRY_START_MS, resolve));
      }
    }
  }

  async #connect(): Promise<Registered> {
    const { transport, rmAddress, attemptId, secret, host } = this.#options;
    this.#early = []; // grants may come before the reply that has the NodeManagers' secret
    let peer: Peer;
    try {
      peer = await connectPeer(transport, rmAddress, 'the ResourceManager', { id: `am:${attemptId}`, secret });
    } catch (error) {
      if (error instanceof AppError && error.code === 'CONNECT_FAILED')
        throw new AppError('RM_UNREACHABLE', { address: rmAddress, detail: (error.params as { detail: string }).detail }, { cause: error });
      throw error;
    }
    peer.onClose = (reason) => this.#lost(peer, reason);
    if ('unref' in peer.channel.stream) (peer.channel.stream as { unref(): void }).unref();
    peer.on(allocateUpdate, (update) => {
      if (update.seq <= this.#lastUpdateSeq) return this.tell(); // seen; the acknowledgement was lost
      this.#lastUpdateSeq = update.seq;
      if (this.#early !== undefined) this.#early.push(update);
      else this.handlers.onUpdate(update);
      this.tell();
    });
    peer.on(driverShutdown, ({ reason }) =>
      this.handlers.onEnded(new AppError('APPLICATION_KILLED', { applicationId: this.#applicationId(), detail: reason })),
    );
    const { held, asks } = this.handlers.holdings();
    this.#peer = peer;
    const page = this.#page;
    const registered = await peer.call(driverRegister, {
      attemptId,
      host,
      rpcPort: -1,
      trackingUrl: page,
      lastUpdateSeq: this.#lastUpdateSeq,
      epoch: this.#registered?.epoch ?? 0,
      held,
      asks,
    });
    this.#seq = 0;
    this.#registered = registered;
    // The page came up while the registration was on its way.
    if (this.#page !== page) peer.push(driverPage, { trackingUrl: this.#page });
    this.#cancelAlive?.();
    this.#cancelAlive = this.#options.timers.every(registered.aliveEveryMs, () => peer.push(driverAlive, {}));
    for (const { token } of registered.previous ?? []) this.#release.push(token.containerId); // executors of a driver that is gone have nobody
    const early = this.#early;
    this.#early = undefined;
    for (const update of early) this.handlers.onUpdate(update);
    return registered;
  }

  #lost(peer: Peer, reason: string): void {
    if (this.#stopped || this.#over || this.#peer !== peer) return;
    // While it registers it is tried again anyway: by start() the first time, by #comeBack later.
    if (this.#registered === undefined || this.#comingBack) return;
    this.#options.log.warn(`Lost the connection to the ResourceManager (${reason}); executors go on, and the driver comes back to it.`);
    this.#comingBack = true;
    void this.#comeBack().finally(() => {
      this.#comingBack = false;
    });
  }

  async #comeBack(): Promise<void> {
    const { timers, log } = this.#options;
    const { onEnded } = this.handlers;
    let waitMs = RETRY_FIRST_MS;
    for (let waitedMs = 0; !this.#stopped; waitedMs += waitMs, waitMs = Math.min(RETRY_MOST_MS, waitMs * 2)) {
      await new Promise<void>((resolve) => timers.after(waitMs, resolve));
      if (this.#stopped) return;
      try {
        await this.#connect();
        log.info('Registered with the ResourceManager again');
        return this.tell();
      } catch (error) {
        const code = error instanceof AppError ? error.code : undefined;
        if (code === 'APPLICATION_UNKNOWN' || code === 'APPLICATION_FINISHED' || code === 'ATTEMPT_UNKNOWN' || code === 'AUTH_REFUSED') {
          // Nobody listens there any more: a connection that is not registered is asked nothing.
          this.#over = true;
          this.#cancelKeepAlive?.();
          this.#cancelAlive?.();
          return onEnded(
            new AppError(
              'APPLICATION_KILLED',
              { applicationId: this.#applicationId(), detail: (error as Error).message },
              { cause: error },
            ),
          );
        }
        if (waitedMs > GIVE_UP_MS) return onEnded(error as AppError);
      }
    }
  }

  async #ask(): Promise<void> {
    const peer = this.#peer;
    if (peer === undefined || peer.closed || this.#registered === undefined || this.#stopped || this.#over) return;
    this.#asking = true;
    const release = this.#release;
    this.#release = [];
    try {
      const { asks } = this.handlers.holdings();
      const { waiting } = await peer.call(
        driverAllocate,
        {
          attemptId: this.#options.attemptId,
          seq: ++this.#seq,
          asks,
          release,
          ackedUpdateSeq: this.#lastUpdateSeq,
          progress: 0,
          diagnostics: '',
        },
        this.#oneOfSeveral ? SILENT_RM_MS : undefined,
      );
      this.#noteWaiting(asks, waiting);
    } catch (error) {
      this.#release.push(...release); // giving back twice is harmless
      this.#refused(error);
      if (this.#oneOfSeveral && error instanceof AppError && error.code === 'RPC_TIMEOUT') peer.channel.destroy(error.message);
    } finally {
      this.#asking = false;
    }
    if (this.#askAgain) {
      this.#askAgain = false;
      void this.#ask();
    }
  }

  #noteWaiting(asks: readonly Ask[], waiting: string): void {
    const wanted = asks.reduce((sum, { count }) => sum + count, 0);
    const reason = wanted === 0 || waiting === '' ? undefined : waiting;
    if (reason === this.#waiting) return;
    this.#waiting = reason;
    this.handlers.onWaiting?.(wanted, reason);
  }

  #refused(error: unknown): void {
    if (this.#stopped || !(error instanceof AppError)) return;
    if (error.code === 'RESOURCE_TOO_LARGE') this.handlers.onEnded(error);
    else if (error.code === 'APPLICATION_FINISHED')
      this.handlers.onEnded(new AppError('APPLICATION_KILLED', { applicationId: this.#applicationId(), detail: error.message }));
    else if (error.code === 'APPLICATION_UNKNOWN' || error.code === 'ATTEMPT_UNKNOWN')
      this.#peer?.channel.destroy('the ResourceManager does not know this attempt: register again');
    // A lost connection or a timeout: said again after the next registration, or with the next keep-alive.
  }

  #applicationId(): string {
    return `application_${this.#options.attemptId.split('_').slice(1, 3).join('_')}`;
  }
}
