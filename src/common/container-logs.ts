// The log files of containers as whoever shows them asks for them: a NodeManager's own, or those of all nodes through the ResourceManager. Types only.
import type { ContainerId } from './ids.ts';

export type ContainerLog = {
  readonly name: string;
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
  /** It lies packed: its application has ended. */
  readonly aggregated: boolean;
};

/** `nodeId`: where it lies. */
export type FoundLogs = { readonly nodeId: string; readonly files: readonly ContainerLog[] };
export type LogBytes = { readonly bytes: Buffer; readonly offset: number; readonly sizeBytes: number; readonly running: boolean };

/** @typeParam W who asks, as the daemon's authentication found him */
export type ContainerLogs<W> = {
  /** By name; none when there are none. @throws AppError ACCESS_DENIED */
  readonly files: (id: ContainerId, who: W) => Promise<FoundLogs>;
  /** At most 1 MiB of a file of these; offset -n counts from the end. @throws AppError LOG_NOT_FOUND */
  readonly read: (found: FoundLogs, id: ContainerId, name: string, offset: number, lengthBytes: number) => Promise<LogBytes>;
};
