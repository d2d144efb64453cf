// What the driver's thread and the event log's thread say to each other.
import type { Batch } from './batch.ts';
import type { LogPlace } from './log-files.ts';

export type WorkerData = { readonly place: LogPlace; readonly bufferBytes: number };
/** flush: what came so far is to be in the file. end: and the log is whole. */
export type ToLog = { readonly batch: Batch | undefined; readonly flush: boolean; readonly end: boolean };
/** done: this many batches have been handled. */
export type FromLog = { readonly t: 'done' } | { readonly t: 'failed'; readonly detail: string } | { readonly t: 'ended' };
