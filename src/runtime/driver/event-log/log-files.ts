// The files of one event log: their names, zstd frames appended to them, the next file when one is large enough, the ending that says that
// the log is whole. Runs in the log's own thread (worker-main.ts); calls block. A real History Server reads what this writes.
// Source: Spark's SingleEventLogFileWriter, RollingEventLogFilesWriter.
import {
  chmodSync,
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { constants, zstdCompressSync } from 'node:zlib';
import type { LogSettings } from './settings.ts';

const IN_PROGRESS = '.inprogress';
/** Source: EventLogFileWriter.LOG_FILE_PERMISSIONS, LOG_FOLDER_PERMISSIONS. */
const FILE_MODE = 0o660;
const FOLDER_MODE = 0o770;

export type LogPlace = Pick<LogSettings, 'dir' | 'name' | 'zstdLevel' | 'maxFileBytes'>;

const ending = (place: LogPlace) => (place.zstdLevel === undefined ? '' : '.zstd');
const singlePath = (place: LogPlace) => join(place.dir, `${place.name}${ending(place)}`);
const folderPath = (place: LogPlace) => join(place.dir, `eventlog_v2_${place.name}`);
const statusPath = (place: LogPlace) => join(folderPath(place), `appstatus_${place.name}`);

/** The file or folder of this log. */
export const logPath = (place: LogPlace): string => (place.maxFileBytes === undefined ? singlePath(place) : folderPath(place));

/** Makes place for the log, in the caller's thread, so that what is wrong is the application's error. @throws Error with the system's words */
export function claimLog(place: LogPlace, overwrite: boolean): void {
  const path = logPath(place);
  if (place.maxFileBytes === undefined) {
    for (const taken of [path, path + IN_PROGRESS]) {
      if (!existsSync(taken)) continue;
      if (!overwrite) throw new Error('the log of this application exists already; spark.eventLog.overwrite=true replaces it');
      rmSync(taken, { force: true });
    }
    create(path + IN_PROGRESS);
    return;
  }
  if (existsSync(path)) {
    if (!overwrite) throw new Error('the log of this application exists already; spark.eventLog.overwrite=true replaces it');
    rmSync(path, { recursive: true, force: true });
  }
  mkdirSync(path);
  chmodSync(path, FOLDER_MODE);
  create(statusPath(place) + IN_PROGRESS);
}

function create(path: string): void {
  writeFileSync(path, '', { mode: FILE_MODE });
  chmodSync(path, FILE_MODE);
}

export class LogFiles {
  readonly #place: LogPlace;
  #fd: number;
  #bytes: number;
  #index = 1;

  constructor(place: LogPlace) {
    this.#place = place;
    this.#fd = this.#open();
    this.#bytes = fstatSync(this.#fd).size;
  }

  /** Whole lines. @throws Error with the system's words: nothing of it is in the file then */
  append(text: string): void {
    const { zstdLevel, maxFileBytes } = this.#place;
    const plain = Buffer.from(text, 'utf8');
    const bytes = zstdLevel === undefined ? plain : zstdCompressSync(plain, { params: { [constants.ZSTD_c_compressionLevel]: zstdLevel } });
    if (maxFileBytes !== undefined && this.#bytes > 0 && this.#bytes + bytes.length > maxFileBytes) this.#roll();
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#fd, bytes, at, bytes.length - at, this.#bytes + at);
    } catch (error) {
      // A torn frame would hide what follows it, a torn line would be the last one.
      try {
        ftruncateSync(this.#fd, this.#bytes);
      } catch {
        // it stays torn; readers end there
      }
      throw error;
    }
    this.#bytes += bytes.length;
  }

  /** The application has ended: the log is whole. */
  finish(): void {
    closeSync(this.#fd);
    const path = this.#place.maxFileBytes === undefined ? singlePath(this.#place) : statusPath(this.#place);
    renameSync(path + IN_PROGRESS, path);
  }

  /** The log stays as it is: in progress. */
  abandon(): void {
    closeSync(this.#fd);
  }

  #open(): number {
    const { name, maxFileBytes } = this.#place;
    const path =
      maxFileBytes === undefined
        ? singlePath(this.#place) + IN_PROGRESS
        : join(folderPath(this.#place), `events_${this.#index}_${name}${ending(this.#place)}`);
    const fd = openSync(path, 'a+', FILE_MODE);
    chmodSync(path, FILE_MODE);
    return fd;
  }

  #roll(): void {
    closeSync(this.#fd);
    this.#index++;
    this.#fd = this.#open();
    this.#bytes = 0;
  }
}
