// What a SQL engine needs of the process that it is in: its kernels, the session's settings, executors, files, and who hears of its queries.
import type { Database } from '../../../common/ports.ts';
import type { SqlKernels } from '../../../common/sql-kernel.ts';
import type { SqlCluster } from '../../rdd/sql-fragment.ts';
import type { SqlEvents } from './sql-executions.ts';

export type SqlPorts = {
  readonly kernels: SqlKernels;
  readonly threads: number;
  /** Settings as the session has them now. */
  readonly conf: (key: string) => string | undefined;
  readonly nowMs: () => number;
  readonly localTimeZone: string;
  /** What SET and RESET do; without a value it is taken away. */
  readonly setConf?: (key: string, value: string | undefined) => void;
  readonly confEntries?: () => Iterable<readonly [string, string]>;
  /** The catalogue's file; left out: there are no tables. */
  readonly openDatabase?: (path: string) => Database;
  /** Owner of what is made. */
  readonly user?: string;
  /** The executors; undefined: all is computed here. */
  readonly cluster?: SqlCluster;
  /** Where results of executors lie until they are read, and what this process' kernel spills. */
  readonly temporaryFolder?: () => string;
  /** Of this process' kernel; what does not fit spills. Left out: four fifths of the machine's. */
  readonly memoryLimitMb?: number;
  /** Left out: nobody is told of executions. */
  readonly events?: SqlEvents;
  /** A query of this process begins: it can be cancelled until what this returns is called. Left out: by nobody. */
  readonly beginWork?: (cancel: (reason: string) => void) => () => void;
};
