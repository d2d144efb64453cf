// Where and how the event log is written, from the application's settings, checked before anything is started: the folder must be there.
// Source: Spark's EventLogFileWriter, EventLoggingListener.
import { accessSync, constants, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../../common/errors.ts';
import { SPARK_KEYS } from '../../../common/spark-keys.ts';
import type { SparkConf } from '../service/spark-conf.ts';

const MEBIBYTE = 1024 * 1024;

export type LogSettings = {
  /** Folder of all logs, a path. */
  readonly dir: string;
  /** `local-1`, or `application_1_0001_1`: application and attempt, as file names have them. */
  readonly name: string;
  readonly overwrite: boolean;
  /** zstd level; undefined: plain text. */
  readonly zstdLevel: number | undefined;
  readonly bufferBytes: number;
  /** undefined: one file. */
  readonly maxFileBytes: number | undefined;
  readonly blockUpdates: boolean;
  readonly stageMetrics: boolean;
};

/** Source: Spark's Utils.sanitizeDirName. */
export const sanitized = (name: string): string =>
  name
    .replace(/[ :/]/g, '-')
    .replace(/[.${}'"]/g, '_')
    .toLowerCase();

/** @returns undefined: no log is wanted. @throws AppError EVENT_LOG_MISSING, EVENT_LOG_UNUSABLE, CONFIG_BAD_VALUE */
export function logSettings(conf: SparkConf, applicationId: string, attemptId: string | undefined): LogSettings | undefined {
  if (!conf.read(SPARK_KEYS.eventLogEnabled)!) return undefined;
  const codec = conf.read(SPARK_KEYS.eventLogCodec)!;
  const compress = conf.read(SPARK_KEYS.eventLogCompress)!;
  if (compress && codec !== 'zstd') throw bad(SPARK_KEYS.eventLogCodec.name, codec, 'zstd, or spark.eventLog.compress=false');
  const maxFileBytes = conf.read(SPARK_KEYS.eventLogMaxFileSize)!;
  const rolling = conf.read(SPARK_KEYS.eventLogRolling)!;
  if (rolling && maxFileBytes < 10 * MEBIBYTE) throw bad(SPARK_KEYS.eventLogMaxFileSize.name, String(maxFileBytes), 'at least 10m');
  const bufferKb = conf.read(SPARK_KEYS.eventLogBufferKb)!;
  if (bufferKb < 1) throw bad(SPARK_KEYS.eventLogBufferKb.name, String(bufferKb), 'at least 1');
  const attempt = attemptId === undefined ? '' : `_${sanitized(attemptId)}`;
  return {
    dir: checkedDir(conf.read(SPARK_KEYS.eventLogDir)!),
    name: `${sanitized(applicationId)}${attempt}`,
    overwrite: conf.read(SPARK_KEYS.eventLogOverwrite)!,
    zstdLevel: compress ? conf.read(SPARK_KEYS.zstdLevel)! : undefined,
    bufferBytes: bufferKb * 1024,
    maxFileBytes: rolling ? maxFileBytes : undefined,
    blockUpdates: conf.read(SPARK_KEYS.eventLogBlockUpdates)!,
    stageMetrics: conf.read(SPARK_KEYS.eventLogStageMetrics)!,
  };
}

const bad = (key: string, value: string, expected: string) =>
  new AppError('CONFIG_BAD_VALUE', { key, value, expected, where: 'SparkConf' });

function checkedDir(uri: string): string {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(uri)?.[1];
  if (scheme !== undefined && scheme !== 'file')
    throw new AppError('EVENT_LOG_UNUSABLE', { path: uri, detail: `only folders of this host and file: URIs are known, not ${scheme}:` });
  const dir = uri.startsWith('file://') ? fileURLToPath(uri) : join(uri.replace(/^file:/, ''));
  const found = statSync(dir, { throwIfNoEntry: false });
  if (found === undefined) throw new AppError('EVENT_LOG_MISSING', { dir });
  if (!found.isDirectory()) throw new AppError('EVENT_LOG_UNUSABLE', { path: dir, detail: 'it is no folder' });
  try {
    accessSync(dir, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new AppError('EVENT_LOG_UNUSABLE', { path: dir, detail: (error as Error).message });
  }
  return dir;
}
