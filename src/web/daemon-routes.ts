// What every daemon of Hadoop answers besides its own business: /conf, /stacks, /logs, /logLevel. For administrators:
// settings, stacks and logs tell about everybody. Source: Hadoop's ConfServlet, HttpServer2.StackServlet, AdminAuthorizedServlet, LogLevel.
import { createReadStream, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { getHeapStatistics } from 'node:v8';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { settingRows } from '../cluster-pages/model/settings.ts';
import { KEYS } from '../common/config-keys.ts';
import type { Logger, LogLevel } from '../common/ports.ts';
import type { Settings } from '../common/settings.ts';
import { wantsXml } from './answer.ts';
import type { WebUser } from './authenticate.ts';
import { Query } from './query.ts';
import { badRequest, notFound } from './web-error.ts';
import { xmlText } from './xml.ts';

export type DaemonParts = {
  readonly settings: Settings;
  /** Its level may be set; the log of the process. */
  readonly logger: Logger & { readonly settings?: { level: LogLevel } | undefined };
  readonly dataDir: string;
  /** `resourcemanager`, `nodemanager-n1`: what its log files have in their names. */
  readonly daemon: string;
  /** @throws AppError ACCESS_DENIED, WebError 403 */
  readonly mayAdminister: (who: WebUser, operation: string) => Promise<unknown>;
};

const LEVELS: readonly string[] = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'OFF'];

export function daemonRoutes(app: FastifyInstance, parts: DaemonParts): void {
  const { settings, logger } = parts;
  const asAdmin = (request: FastifyRequest, operation: string) => parts.mayAdminister(request.webUser, operation);
  app.get('/conf', async (request, reply) => {
    await asAdmin(request, 'Get Configuration');
    const query = new Query(request);
    const [name, format] = [query.text('name'), query.text('format')];
    const property = allSettings(settings).filter((p) => name === undefined || p.name === name);
    if (name !== undefined && property.length === 0) throw notFound(`Property ${name} not found`);
    const xml = format === 'xml' || (format === undefined && !/json/.test(request.headers.accept ?? ''));
    if (xml) return reply.type('text/xml; charset=utf-8').send(xmlText({ configuration: { property } }));
    const properties = property.map(({ name: key, value, source }) => ({ key, value, isFinal: false, resource: source }));
    return reply
      .type('application/json; charset=utf-8')
      .send(JSON.stringify(name === undefined ? { properties } : { property: properties[0] }));
  });
  app.get('/stacks', async (request, reply) => {
    await asAdmin(request, 'Get Stacks');
    return reply.type('text/plain; charset=utf-8').send(stacks(parts.daemon));
  });
  app.get('/logs', async (request, reply) => {
    await asAdmin(request, 'Get Logs');
    if (wantsXml(request.headers.accept)) throw badRequest('/logs is a list of names: text or HTML.');
    const rows = logFiles(parts).map(
      ({ name, sizeBytes }) => `<li><a href="/logs/${encodeURIComponent(name)}">${escapeHtml(name)}</a> ${sizeBytes} bytes</li>`,
    );
    return reply.type('text/html; charset=utf-8').send(`<!DOCTYPE html><title>Logs of ${parts.daemon}</title><ul>${rows.join('')}</ul>`);
  });
  app.get('/logs/:file', async (request, reply) => {
    await asAdmin(request, 'Get Logs');
    const wanted = (request.params as { file: string }).file;
    const found = logFiles(parts).find(({ name }) => name === wanted);
    if (found === undefined) throw notFound(`There is no log ${wanted} of ${parts.daemon}`);
    return reply.type('text/plain; charset=utf-8').send(createReadStream(found.path));
  });
  app.get('/logLevel', async (request, reply) => {
    const query = new Query(request);
    const level = query.text('level')?.toUpperCase();
    if (level !== undefined) {
      await asAdmin(request, 'Set Log Level');
      if (!LEVELS.includes(level)) throw badRequest(`Bad Level : ${level}. It is one of ${LEVELS.join(', ')}.`);
      if (logger.settings === undefined) throw badRequest('The level of this log can not be set.');
      logger.settings.level = level as LogLevel;
    }
    const now = logger.settings?.level ?? settings.need(KEYS.logLevel);
    return reply
      .type('text/plain; charset=utf-8')
      .send(`Submitted Class Name: ${query.text('log') ?? parts.daemon}\nEffective Level: ${now}\n`);
  });
}

/** Every setting that says something, and where that was said. */
const allSettings = (settings: Settings): { name: string; value: string; source: string }[] =>
  settingRows(settings)
    .filter(({ value }) => value !== '')
    .map(({ name, value, from }) => ({ name, value, source: from }));

/** One thread runs everything: what it waits for, and what it holds. */
function stacks(daemon: string): string {
  const waiting = new Map<string, number>();
  for (const what of process.getActiveResourcesInfo()) waiting.set(what, (waiting.get(what) ?? 0) + 1);
  const { heapUsed, rss, external } = process.memoryUsage();
  const cpu = process.resourceUsage();
  const mb = (bytes: number) => `${Math.round(bytes / 1024 / 1024)} MB`;
  return [
    `Process Thread Dump: ${daemon}`,
    `1 active threads`,
    `Thread 1 (main):`,
    `  State: RUNNABLE`,
    `  CPU: ${Math.round(cpu.userCPUTime / 1000)} ms user, ${Math.round(cpu.systemCPUTime / 1000)} ms system; up ${Math.round(process.uptime())} s`,
    `  Memory: ${mb(rss)} resident, heap ${mb(heapUsed)} of at most ${mb(getHeapStatistics().heap_size_limit)}, ${mb(external)} outside`,
    `  Waits for:`,
    ...[...waiting].sort(([a], [b]) => (a < b ? -1 : 1)).map(([what, n]) => `    ${n} ${what}`),
    `  Stack (of this request):`,
    ...(new Error('stack').stack ?? '').split('\n').slice(1),
    '',
  ].join('\n');
}

/** `emberloom-<user>-<daemon>-<host>.log` and older ones, as bin/emberloom-daemon.sh names them; the audit log is not among them. */
function logFiles({ dataDir, daemon }: DaemonParts): { name: string; path: string; sizeBytes: number }[] {
  const folder = join(dataDir, 'logs');
  try {
    return readdirSync(folder)
      .filter((name) => name.startsWith('emberloom-') && name.includes(`-${daemon}-`))
      .map((name) => ({ name, path: join(folder, name), sizeBytes: statSync(join(folder, name)).size }));
  } catch {
    return []; // it logs to its terminal
  }
}

const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
