// The event log's own thread: batches of the driver come in, lines go out to files. One thread for one log, started by writer.ts, so that
// neither JSON nor zstd nor a slow disk holds up the driver. What can't be written is told once; the application goes on without a log.
import { parentPort, workerData } from 'node:worker_threads';
import { BatchReader } from './batch.ts';
import { LogFiles } from './log-files.ts';
import type { FromLog, ToLog, WorkerData } from './words.ts';

const { place, bufferBytes } = workerData as WorkerData;
const tell = (message: FromLog) => parentPort!.postMessage(message);
/** Jobs may end a thousand times a second; the file is written no more often than this, ms. */
const LEAST_PAUSE_MS = 20;

const reader = new BatchReader();
let files: LogFiles | undefined;
let text = '';
let failed = false;
let writtenAtMs = Number.NEGATIVE_INFINITY;
let waiting: NodeJS.Timeout | undefined;

function attempt(run: () => void): void {
  if (failed) return;
  try {
    run();
  } catch (error) {
    failed = true;
    text = '';
    tell({ t: 'failed', detail: (error as Error).message });
    files?.abandon();
  }
}

function write(): void {
  clearTimeout(waiting);
  waiting = undefined;
  if (text === '') return;
  const lines = text;
  text = '';
  attempt(() => files!.append(lines));
  writtenAtMs = performance.now();
}

function flush(): void {
  const sinceMs = performance.now() - writtenAtMs;
  if (sinceMs >= LEAST_PAUSE_MS) write();
  else waiting ??= setTimeout(write, LEAST_PAUSE_MS - sinceMs);
}

attempt(() => {
  files = new LogFiles(place);
});
parentPort!.on('message', (message: ToLog) => {
  if (message.batch !== undefined) {
    if (!failed) {
      for (const line of reader.lines(message.batch)) {
        text += `${line}\n`;
        if (text.length >= bufferBytes) write();
      }
    }
    tell({ t: 'done' });
  }
  if (message.end) {
    write();
    attempt(() => files!.finish());
    tell({ t: 'ended' });
    parentPort!.close();
  } else if (message.flush) flush();
});
