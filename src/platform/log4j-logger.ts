// Logger that writes Spark's default log4j lines: `26/11/22 12:59:50 INFO Client: message`, or JSON lines
// {ts, level, msg, context, logger} when spark.log.structuredLogging.enabled is on (Spark 4's structured logging). Once an application
// of a cluster has its id, every line says it: whoever merges the logs of many submits can tell them apart.
import type { Logger, LogLevel } from '../common/ports.ts';
import { SPARK_KEYS } from '../common/spark-keys.ts';

const RANK: Record<LogLevel, number> = { TRACE: 0, DEBUG: 1, INFO: 2, WARN: 3, ERROR: 4, OFF: 5 };
const two = (n: number) => (n < 10 ? `0${n}` : String(n));

/** Spark's `yy/MM/dd HH:mm:ss`, local time. */
export function log4jTime(at: Date): string {
  return `${two(at.getFullYear() % 100)}/${two(at.getMonth() + 1)}/${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

export type LogSink = { write(text: string): unknown };
/**
 * `context.app_id` is the application's id, as Spark names it in its structured logs.
 * beforeLine: for a progress bar that must leave the terminal's line first.
 */
export type LogSettings = { level: LogLevel; json: boolean; context: Record<string, string>; beforeLine?: () => void };

/**
 * At the end of the first line, so that what tools look for (`INFO Client: Application report for …`) stays where it was; not where the
 * line has the id already, not in a block that belongs to the line before it, and not for local-123, which is the only one here.
 */
function withId(message: string, id: string | undefined): string {
  if (id === undefined || !id.startsWith('application_') || message.startsWith('\n')) return message;
  const end = message.indexOf('\n');
  const first = end < 0 ? message : message.slice(0, end);
  return first.includes(id) ? message : `${first} [${id}]${message.slice(first.length)}`;
}

/**
 * Names, reasons and diagnostics of users are in messages. A line's end in one begins no line that looks like one of ours, and a terminal that shows
 * the log takes no orders from it.
 */
export const harmless = (message: string): string =>
  message
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`)
    .replace(/\n(?=\d\d\/\d\d\/\d\d )/g, '\n    ');

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

  /** An executor's, once it belongs to an application: level and form are the driver's. */
  configure(applicationId: string, level: string, conf: ReadonlyMap<string, string>): void {
    this.settings.level = level as LogLevel;
    this.settings.json = conf.get(SPARK_KEYS.structuredLogging.name) === 'true';
    this.settings.context['app_id'] = applicationId;
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
    this.settings.beforeLine?.();
    const at = new Date();
    this.#sink.write(
      this.settings.json
        ? `${JSON.stringify({ ts: at.toISOString(), level, msg: message, context: this.settings.context, logger: this.#name })}\n`
        : `${log4jTime(at)} ${level} ${this.#name}: ${harmless(withId(message, this.settings.context['app_id']))}\n`,
    );
  }
}
