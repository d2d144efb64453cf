// What a master URL means. Source: Spark's SparkMasterRegex.
import { AppError } from '../../../common/errors.ts';

export type Master =
  | { readonly kind: 'local'; readonly slots: number; readonly maxFailures: number }
  | { readonly kind: 'local-cluster'; readonly executors: number; readonly cores: number; readonly memoryMb: number }
  | { readonly kind: 'yarn' };

/** Each has a V8 heap of its own: more would only end in a machine out of memory. */
const MOST_THREADS = 1024;

/** @param cores of this machine, for `*`. @throws AppError SUBMIT_USAGE with Spark's sentence */
export function parseMaster(url: string, cores: number): Master {
  const local = /^local(?:\[(\*|\d+)(?:\s*,\s*(\d+))?\])?$/.exec(url);
  if (local) {
    const slots = local[1] === undefined ? 1 : local[1] === '*' ? cores : Number(local[1]);
    const maxFailures = local[2] === undefined ? 1 : Number(local[2]);
    if (slots < 1 || maxFailures < 1) throw new AppError('SUBMIT_USAGE', { reason: `Asked to run locally with ${slots} threads` });
    if (slots > MOST_THREADS)
      throw new AppError('SUBMIT_USAGE', { reason: `Asked to run locally with ${slots} threads; at most ${MOST_THREADS} are started` });
    return { kind: 'local', slots, maxFailures };
  }
  const cluster = /^local-cluster\[\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*\]$/.exec(url);
  if (cluster) {
    const [executors, perExecutor, memoryMb] = cluster.slice(1).map(Number) as [number, number, number];
    if (executors < 1 || perExecutor < 1 || memoryMb < 1)
      throw new AppError('SUBMIT_USAGE', { reason: `${url}: executors, cores and memory must be positive` });
    return { kind: 'local-cluster', executors, cores: perExecutor, memoryMb };
  }
  if (url === 'yarn' || url === 'emberloom') return { kind: 'yarn' };
  throw new AppError('SUBMIT_USAGE', { reason: `Could not parse Master URL: '${url}'` });
}
