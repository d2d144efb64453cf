// An executor as the driver keeps it, and what executors.ts needs of the driver to keep it.
import type { ErrorCode } from '../../../common/errors.ts';
import type { Clock, Logger, Timers } from '../../../common/ports.ts';
import type { Peer } from '../../../rpc/peer.ts';
import type { ApplicationEvents } from './application-events.ts';
import type { Broadcasts } from './broadcasts.ts';
import type { DriverLoop } from './driver-loop.ts';
import type { SlotLink } from './slot-link.ts';

export type Executor = {
  readonly id: string;
  readonly host: string;
  readonly blockAddress: string;
  /** Who serves its map outputs: itself, or the shuffle service of its node, which has them when it is gone. */
  readonly outputsAddress: string;
  /** undefined: a local master's own process. */
  readonly peer: Peer | undefined;
  readonly slots: Map<number, SlotLink>;
  lastHeardMs: number;
  /** Why slots ended, told before or after their connection closed. */
  readonly endings: Map<number, Ending>;
  gone: boolean;
};
export type Ending = { code: ErrorCode; params: unknown; runningTaskId: number | undefined };

export type ExecutorsOptions = {
  readonly loop: DriverLoop;
  readonly broadcasts: Broadcasts;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Logger;
  readonly secretOf: () => string;
  /** What an executor is told when it registers. */
  readonly welcome: () => { applicationId: string; applicationName: string; conf: string[][]; heartbeatMs: number; logLevel: string };
  readonly networkTimeoutMs: number;
  /** Whether map outputs of an executor that is gone can still be read. */
  readonly sharedHost: string;
  readonly onChange: () => void;
  readonly events: ApplicationEvents;
  /** Its container may still run, though nothing is heard of it. */
  readonly giveUp: (executorId: string) => void;
  /** Of one frame of statuses: no application takes results of more. */
  readonly mostFrameBytes: () => number;
};
