// Reads a log into its index: lines through decoder and reducer, committed now and then, going on where it stopped when the log has grown.
// Runs in a worker thread (worker-main.ts), one log at a time. What is held besides the reducer's state is one chunk and the tasks that run.
import { AppError } from '../../common/errors.ts';
import { EventReader } from '../../status/event-json.ts';
import { StatusReducer } from '../../status/store/reducer.ts';
import type { LogSummary } from '../core/catalogue.ts';
import { afterCompaction, changeOf, type LogFile, type LogPart, type PartPosition } from '../core/log-file.ts';
import { type IndexProgress, IndexWriter, type OpenDatabase } from '../store/index-file.ts';
import { indexLargeStages } from '../store/large-stages.ts';
import { storeQuantiles } from '../store/quantile-store.ts';
import { fingerprintOf, isStillThere, readLines } from './log-reader.ts';

export type IndexOrder = {
  readonly folder: string;
  readonly log: LogFile;
  /** Of the index. */
  readonly path: string;
};

export type IndexAnswer = { readonly progress: IndexProgress; readonly summary: LogSummary | undefined };

/** Text between two commits: what a crash costs, and what a transaction holds. */
const COMMIT_BYTES = 64 << 20;
const NO_FINGERPRINT = { bytes: 0, head: '', tail: '' };

/** @param onProgress hears bytes of the log's files that have been read @throws AppError DATA_DIR_UNUSABLE; ENOENT when a file is gone */
export async function indexLog(
  { folder, log, path }: IndexOrder,
  open: OpenDatabase,
  onProgress: (readBytes: number) => void,
): Promise<IndexAnswer> {
  const readOf = (progress: IndexProgress) => afterCompaction(progress.parts, log, (part) => positionOf(folder, part, 0, true));
  const changeSince = (progress: IndexProgress) => changeOf(readOf(progress), log, (part, at) => isStillThere(folder, part, at));
  const index = IndexWriter.open(path, log.key, open, (progress) => changeSince(progress) !== 'replaced');
  try {
    if (index.progress.complete && index.progress.closed === !log.inProgress && changeSince(index.progress) === 'same')
      return answerOf(index, index.progress);
    return await readInto(index, [...readOf(index.progress)], { folder, log, path }, onProgress);
  } catch (error) {
    if (!String((error as { code?: unknown }).code).startsWith('SQLITE_')) throw error;
    throw new AppError('DATA_DIR_UNUSABLE', { path, detail: (error as Error).message }, { cause: error });
  } finally {
    index.close();
  }
}

async function readInto(
  index: IndexWriter,
  read: PartPosition[],
  { folder, log }: IndexOrder,
  onProgress: (readBytes: number) => void,
): Promise<IndexAnswer> {
  const reader = new EventReader(new StatusReducer(index.state));
  let { lines, badLines, fault } = index.progress;
  // What was wrong with the bytes is found again, or is mended.
  if (badLines === 0) fault = undefined;
  const commit = (complete: boolean, closed: boolean): IndexProgress => {
    const progress: IndexProgress = { ...index.progress, parts: [...read], complete, closed, lines, badLines, fault };
    index.commit(progress);
    return progress;
  };
  let before = 0;
  for (const [i, part] of log.parts.entries()) {
    const whole = read[i]?.fileBytes ?? 0;
    const isLast = i === log.parts.length - 1;
    if (whole === part.sizeBytes && !isLast) {
      before += part.sizeBytes;
      continue;
    }
    let committed = read[i]?.textBytes ?? 0;
    const onLine = (line: string, textBytes: number): void => {
      lines++;
      const before = reader.malformed;
      reader.line(line);
      if (reader.malformed > before) {
        badLines++;
        fault ??= `line ${lines} is no event that can be read (${reader.lastFault?.slice(0, 200)})`;
      }
      if (textBytes - committed < COMMIT_BYTES) return;
      committed = textBytes;
      read[i] = positionOf(folder, part, textBytes, false);
      commit(index.progress.complete, false);
    };
    const closed = !log.inProgress || !isLast;
    const options = { fromByte: committed, closed, onChunk: (fileBytes: number) => onProgress(before + fileBytes) };
    const reading = await readLines(folder, part, options, onLine);
    if (reading.fault !== undefined) fault = `${part.path} is damaged: ${reading.fault}`;
    read[i] = positionOf(folder, part, reading.textBytes, true);
    before += part.sizeBytes;
  }
  commit(index.progress.complete, false);
  indexLargeStages(index.db);
  storeQuantiles(index.db);
  return answerOf(index, commit(true, !log.inProgress));
}

function answerOf({ state }: IndexWriter, progress: IndexProgress): IndexAnswer {
  const { application } = state;
  if (application === undefined) return { progress, summary: undefined };
  const { id, attemptId, name, user, sparkVersion, startedAtMs, endedAtMs } = application;
  return { progress, summary: { applicationId: id, attemptId, name, user, sparkVersion, startedAtMs, endedAtMs } };
}

function positionOf(folder: string, part: LogPart, textBytes: number, toTheEnd: boolean): PartPosition {
  const fingerprint = fingerprintOf(folder, part.path, part.sizeBytes) ?? NO_FINGERPRINT;
  return { path: part.path, textBytes, fileBytes: toTheEnd ? part.sizeBytes : 0, fingerprint };
}
