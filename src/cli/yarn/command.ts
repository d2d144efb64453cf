// What a yarn command is, and what it is given to work with.
import type { Logger } from '../../common/ports.ts';
import type { Peer } from '../../rpc/peer.ts';
import type { Cluster } from '../../platform/find-cluster.ts';
import type { ParsedOptions, YarnOptions } from './options.ts';

export type YarnIo = {
  readonly user: string;
  readonly cluster: Cluster;
  readonly rm: Peer;
  readonly out: (text: string | Uint8Array) => void;
  readonly err: (text: string) => void;
  readonly log: Logger;
};

export type YarnCommand = {
  readonly usage: string;
  readonly options: YarnOptions;
  /** What needs no active ResourceManager. @returns undefined when that was not asked for */
  readonly before?: (options: ParsedOptions, io: Pick<YarnIo, 'cluster' | 'user' | 'out' | 'err'>) => Promise<number | undefined>;
  /** @returns the exit code, or undefined when no action was among the options: the usage is printed then */
  readonly run: (options: ParsedOptions, io: YarnIo) => Promise<number | undefined>;
};

export const EXIT_NOT_FOUND = 255;
