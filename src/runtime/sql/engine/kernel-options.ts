// How the kernel of a session's own process is opened.
import { join } from 'node:path';
import type { KernelOptions } from '../../../common/sql-kernel.ts';
import type { SessionSettings } from '../functions/spec.ts';
import type { SqlPorts } from './sql-ports.ts';

export function kernelOptions({ threads, memoryLimitMb, temporaryFolder }: SqlPorts, { timeZone, get }: SessionSettings): KernelOptions {
  return {
    threads,
    timeZone,
    extensionsDirectory: get('spark.emberloom.sql.extensionsDirectory'),
    ...(memoryLimitMb !== undefined && { memoryLimitMb }),
    ...(temporaryFolder !== undefined && { tempDirectory: join(temporaryFolder(), 'spilled') }),
  };
}
