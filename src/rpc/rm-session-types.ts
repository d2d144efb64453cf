// What an application master's session with the ResourceManager is given, and who listens to it. The session itself: rm-session.ts.
import type { AppError } from '../common/errors.ts';
import type { AttemptId, ContainerId } from '../common/ids.ts';
import type { Logger, Timers } from '../common/ports.ts';
import type { Resource } from '../common/resource.ts';
import type { BodyOf, ReplyOf, RequestOf } from './define-rpc.ts';
import type { allocateUpdate, driverRegister, driverUnregister } from './messages/driver.ts';
import type { Transport } from './transport.ts';

export type Ask = {
  readonly askId: number;
  readonly priority: number;
  readonly count: number;
  readonly resource: Resource;
  readonly hosts: string[];
};
/** How the application ended, for driver.unregister. */
export type Ending = Omit<RequestOf<typeof driverUnregister>, 'attemptId'>;
export type Registered = ReplyOf<typeof driverRegister>;
export type Update = BodyOf<typeof allocateUpdate>;

export type RmSessionOptions = {
  readonly transport: Transport;
  readonly timers: Timers;
  /** For waits at the start, which keep the process alive. */
  readonly waits: Timers;
  readonly log: Logger;
  readonly rmAddress: string;
  readonly attemptId: AttemptId;
  readonly secret: string;
  readonly host: string;
};

/** Who listens; in cluster mode the session begins before the program has made its context, with nothing held and nothing wanted. */
export type RmHandlers = {
  /** Absolute: what is held and wanted at the moment of the call. */
  readonly holdings: () => { held: ContainerId[]; asks: Ask[] };
  readonly onUpdate: (update: Update) => void;
  /** So many executors are wanted and not granted, in the RM's words why; told when it changes. undefined: none are waited for. */
  readonly onWaiting?: (wanted: number, reason: string | undefined) => void;
  /** The RM wants the application to end, or does not know it any more. */
  readonly onEnded: (error: AppError) => void;
};
