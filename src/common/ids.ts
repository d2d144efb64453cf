// Branded ids: how they are made, printed, parsed. Text forms are YARN's (ApplicationId, ApplicationAttemptId, ContainerId),
// so logs and scripts written for YARN read ours.
import { invariant } from './invariant.ts';

export type Brand<T, B extends string> = T & { readonly __brand: B };
export type ApplicationId = Brand<string, 'ApplicationId'>;
export type AttemptId = Brand<string, 'AttemptId'>;
export type ContainerId = Brand<string, 'ContainerId'>;
/** `host:port`-like name of a NodeManager; unique in the cluster, stable across its restarts. */
export type NodeId = Brand<string, 'NodeId'>;
/** `1`, `2`, … within one application; `driver` for the slots of a local driver. Never used twice in an application. */
export type ExecutorId = Brand<string, 'ExecutorId'>;

const pad = (n: number, width: number) => String(n).padStart(width, '0');
const whole = (n: number, what: string) => invariant(Number.isInteger(n) && n >= 1, `${what} ${n}`);

/**
 * @param clusterStartMs first start of this cluster's ResourceManager, ms since the epoch; keeps ids unique across clusters
 * @param seq 1-based counter, durable across restarts
 * @returns for example `application_1700000000000_0042`
 */
export function applicationId(clusterStartMs: number, seq: number): ApplicationId {
  whole(seq, 'application seq');
  return `application_${clusterStartMs}_${pad(seq, 4)}` as ApplicationId;
}

/** @returns for example `appattempt_1700000000000_0042_000001` */
export function attemptId(application: ApplicationId, attempt: number): AttemptId {
  whole(attempt, 'attempt');
  return `appattempt_${application.slice('application_'.length)}_${pad(attempt, 6)}` as AttemptId;
}

/**
 * @param epoch restarts of the RM; 0 prints no epoch part, as in YARN
 * @returns `container_1700000000000_0042_01_000001`, with an epoch `container_e03_1700000000000_0042_01_000001`
 */
export function containerId(attempt: AttemptId, epoch: number, seq: number): ContainerId {
  whole(seq, 'container seq');
  const parts = /^appattempt_(\d+_\d+)_(\d+)$/.exec(attempt);
  invariant(parts, `attempt id ${attempt}`);
  return `container_${epoch > 0 ? `e${pad(epoch, 2)}_` : ''}${parts[1]}_${pad(Number(parts[2]), 2)}_${pad(seq, 6)}` as ContainerId;
}

const APPLICATION = /^application_\d+_\d{4,}$/;
const ATTEMPT = /^appattempt_(\d+_\d{4,})_\d{6,}$/;
const CONTAINER = /^container_(?:e\d+_)?(\d+_\d{4,})_(\d{2,})_\d{6,}$/;

export const isApplicationId = (text: string): text is ApplicationId => APPLICATION.test(text);
export const isAttemptId = (text: string): text is AttemptId => ATTEMPT.test(text);
export const isContainerId = (text: string): text is ContainerId => CONTAINER.test(text);

export function applicationOfAttempt(id: AttemptId): ApplicationId {
  const parts = ATTEMPT.exec(id);
  invariant(parts, `attempt id ${id}`);
  return `application_${parts[1]}` as ApplicationId;
}

export function applicationOfContainer(id: ContainerId): ApplicationId {
  const parts = CONTAINER.exec(id);
  invariant(parts, `container id ${id}`);
  return `application_${parts[1]}` as ApplicationId;
}

export function attemptOfContainer(id: ContainerId): AttemptId {
  const parts = CONTAINER.exec(id);
  invariant(parts, `container id ${id}`);
  return `appattempt_${parts[1]}_${pad(Number(parts[2]), 6)}` as AttemptId;
}
