// What the outside must offer to services. Types only; adapters live in src/platform, and are chosen in each main.ts.

export interface Clock {
  /** Wall clock, ms since the epoch. */
  nowMs(): number;
}

export interface Timers {
  /** @returns a function that cancels */
  after(delayMs: number, run: () => void): () => void;
  every(intervalMs: number, run: () => void): () => void;
}

export type LogLevel = 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'OFF';

/** `name` is the short class-like name that Spark's and YARN's log lines carry: `Client`, `DAGScheduler`. */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
  named(name: string): Logger;
}

export type LaunchSpec = {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Appended to; made 0640 when missing. */
  readonly stdoutPath: string;
  readonly stderrPath: string;
  /** Give the child a pipe as fd 3. */
  readonly control?: boolean;
};

export type ProcessEnd = { readonly exitCode: number | undefined; readonly signal: string | undefined };

export type LaunchedProcess = {
  readonly pid: number;
  /** Never rejects. */
  readonly ended: Promise<ProcessEnd>;
  /** Our end of fd 3, when asked for. Ending it, or our own process's end, is an end of file for the child. */
  readonly control: { end(text?: string): unknown } | undefined;
};

/** Starts processes in a session and group of their own that outlive the starter. Adapter: platform/process-launcher.ts. */
export interface Launcher {
  /** @throws Error with the system's words when the process can't be made (file missing, no memory, no file handles) */
  launch(spec: LaunchSpec): Promise<LaunchedProcess>;
}

export type UnpackLimits = { readonly maxBytes: number; readonly maxEntries: number };

/** Adapters: platform/unpack-zip.ts and platform/unpack-tar.ts. */
export interface Unpacker {
  /**
   * Unpacks into an empty folder and never writes outside it.
   * @throws AppError ARCHIVE_ESCAPES, LOCALIZATION_FAILED (broken, too large, disk full)
   */
  unpack(archive: string, name: string, into: string, limits: UnpackLimits): Promise<void>;
}

export interface Statement {
  run(...values: unknown[]): unknown;
  get(...values: unknown[]): unknown;
  all(...values: unknown[]): unknown[];
  /** One row after the other, so that many need no memory. The database can't be written while it goes on. */
  iterate(...values: unknown[]): IterableIterator<unknown>;
  /** From now on rows come as arrays instead of objects. @returns the same statement */
  raw(): Statement;
}

/** A local store with transactions. Adapter: platform/database.ts (SQLite). Synchronous: it is done, and durable as asked for, when it returns. */
export interface Database {
  prepare(sql: string): Statement;
  /** All of `run` or nothing. */
  transaction(run: () => void): void;
  /** A copy of it as it is at one moment, while it goes on being used. */
  backup?(path: string): Promise<void>;
  close(): void;
}
