// The history server's worker thread: reads one log at a time into its index and says how far it is, or compacts it. Orders come from
// service/index-queue.ts; the work is service/indexer.ts and service/compactor.ts. Nothing decides here.
import { parentPort } from 'node:worker_threads';
import { invariant } from '../common/invariant.ts';
import { openDatabase } from '../platform/database.ts';
import { compactLog } from './service/compactor.ts';
import type { IndexWord, WorkerOrder } from './service/index-queue.ts';
import { indexLog } from './service/indexer.ts';

const PROGRESS_EVERY_MS = 200;

invariant(parentPort, 'the history worker is a thread of the history server');
const server = parentPort;
const say = (word: IndexWord): void => server.postMessage(word);

server.on('message', async (work: WorkerOrder) => {
  let toldMs = 0;
  const onProgress = (readBytes: number): void => {
    const nowMs = performance.now();
    if (nowMs - toldMs < PROGRESS_EVERY_MS) return;
    toldMs = nowMs;
    say({ tag: 'progress', readBytes });
  };
  try {
    if (work.tag === 'compact') say({ tag: 'compacted', ...(await compactLog(work.order)) });
    else say({ tag: 'done', ...(await indexLog(work.order, openDatabase, onProgress)) });
  } catch (error) {
    say({ tag: 'failed', detail: (error as Error).message });
  }
});
