// Logger that writes Spark's default log4j lines: `26/11/22 12:59:50 INFO Client: message`, or JSON lines
// {ts, level, msg, context, logger} when spark.log.structuredLogging.enabled is on (Spark 4's structured logging).
import type { Logger, LogLevel } from '../common/ports.ts';

const RANK: Record<LogLevel, number> = { TRACE: 0, DEBUG: 1, INFO: 2, WARN: 3, ERROR: 4, OFF: 5 };
const two = (n: number) => (n < 10 ? `0${n}` : String(n));

/** Spark's `yy/MM/dd HH:mm:ss`, local time. */
export function log4jTime(at: Date): string {
  return `${two(at.getFullYear() % 100)}/${two(at.getMonth() + 1)}/${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

export type LogSink = { write(text: string): unknown };
export type LogSettings = { level: LogLevel; json: boolean; context: Record<string, string> };

export class Log4jLogger implements Logger {
  readonly #sink: LogSink;
  readonly #name: string;
  /** Shared by all loggers of a process: setLogLevel changes it for all. */
  readonly settings: LogSettings;

  constructor(sink: LogSink, name: string, settings: LogSettings = { level: 'INFO', json: false, context: {} }) {
    this.#sink = sink;
    this.#name = name;
    this.settings = settings;
  }

  named(name: string): Log4jLogger {
    return new Log4jLogger(this.#sink, name, this.settings);
  }

  debug(message: string): void {
    this.#line('DEBUG', message);
  }

  info(message: string): void {
    this.#line('INFO', message);
  }

  warn(message: string): void {
    this.#line('WARN', message);
  }

  error(message: string): void {
    this.#line('ERROR', message);
  }

  #line(level: LogLevel, message: string): void {
    if (RANK[level] < RANK[this.settings.level]) return;
    const at = new Date();
    this.#sink.write(
      this.settings.json
        ? `${JSON.stringify({ ts: at.toISOString(), level, msg: message, context: this.settings.context, logger: this.#name })}\n`
        : `${log4jTime(at)} ${level} ${this.#name}: ${message}\n`,
    );
  }
}
