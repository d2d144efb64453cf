// yarn logs: what the containers of an application wrote, of running applications too.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../../common/errors.ts';
import { type ApplicationId, applicationOfContainer, isContainerId } from '../../common/ids.ts';
import { attemptList } from '../../rpc/messages/client.ts';
import type { Peer } from '../../rpc/peer.ts';
import { type FoundLogs, findLogs, type NodeLogFile, readLog } from '../read-logs.ts';
import { followLogs } from '../follow-logs.ts';
import { logContainers, logHead, logInfoTable, logTail, nodeName } from '../../common/log-section.ts';
import { isFinalState } from '../render/application-report.ts';
import { parseId, reportOf } from './application-command.ts';
import { EXIT_NOT_FOUND, type YarnCommand, type YarnIo } from './command.ts';
import type { ParsedOptions } from './options.ts';

export const logsCommand: YarnCommand = {
  usage: 'yarn logs -applicationId <application ID> [OPTIONS]',
  options: {
    applicationId: { takes: 'one', value: 'Application ID', help: 'ApplicationId (required, unless -containerId is given)' },
    containerId: { takes: 'one', value: 'Container ID', help: 'Logs of this container only. Works with -log_files.' },
    am: {
      takes: 'list',
      value: 'AM Containers',
      help: 'Logs of the containers of the driver: 1,2 for the first and second attempt, -1 for the latest, ALL.',
    },
    log_files: { takes: 'list', value: 'Log File Name', help: 'Comma-separated names of log files; "ALL" or "*" for all.' },
    log_files_pattern: { takes: 'list', value: 'Log File Pattern', help: 'Comma-separated regular expressions for names of log files.' },
    size: { takes: 'one', value: 'size', help: 'Prints the first n bytes of each file, or with -n the last n bytes.' },
    nodeAddress: { takes: 'one', value: 'Node Address', help: 'Logs on this node only.' },
    appOwner: { takes: 'one', value: 'Application Owner', help: 'Not needed: who may read the cluster secret may read the logs of all.' },
    out: {
      takes: 'one',
      value: 'Local Directory',
      help: 'Store each file in <directory>/<node>/<container>/<name> instead of printing it.',
    },
    client_max_retries: {
      takes: 'one',
      value: 'Max Retries',
      help: 'How often nodes that do not answer are asked again; negative: for ever. Default 0: YARN has 30, and who waits does not know for whom.',
    },
    client_retry_interval_ms: { takes: 'one', value: 'Retry Interval', help: 'Works with -client_max_retries. Default 1000.' },
    size_limit_mb: {
      takes: 'one',
      value: 'Size Limit',
      help: 'Fails when all that would be printed or stored is more than this many MB; -1: no limit. Default 10240.',
    },
    list_nodes: { takes: 'none', help: 'Show the nodes that have packed the logs of this (finished) application.' },
    follow: { takes: 'none', help: 'Go on with what is written until the application ends; each line with its container. (Not of YARN.)' },
    show_application_log_info: { takes: 'none', help: 'Show the containers that have logs.' },
    show_container_log_info: { takes: 'none', help: 'Show the log files of each container.' },
    help: { takes: 'none', help: 'Displays help for all commands.' },
  },
  async run(options, io) {
    const container = options.one('containerId');
    if (container !== undefined && !isContainerId(container))
      throw new AppError('SUBMIT_USAGE', { reason: `Invalid ContainerId: ${container}` });
    if (container === undefined && !options.has('applicationId')) return undefined;
    const applicationId = options.has('applicationId')
      ? parseId(options.one('applicationId')!)
      : applicationOfContainer(container! as never);
    if (options.has('follow')) return await follow(applicationId, options, io);
    const found = await findPatiently(applicationId, options, io);
    try {
      for (const node of found.unreachable) io.err(`No logs from node ${node}\n`);
      if (options.has('list_nodes')) return listNodes(found.files, applicationId, io);
      const wanted = await choose(found.files, options, io.rm, applicationId);
      if (wanted.length === 0) return notFound(found.files, options, applicationId, io);
      const running = !isFinalState((await reportOf(io.rm, applicationId))?.state ?? 'FINISHED');
      if (options.has('show_application_log_info')) io.out(logContainers(wanted, running));
      else if (options.has('show_container_log_info')) io.out(logInfoTable(wanted));
      else {
        limitSize(wanted, options);
        for (const file of wanted) await print(file, options, io);
      }
      return 0;
    } finally {
      found.close();
    }
  },
};

const DEFAULT_INTERVAL_MS = 1_000;

/** Nodes that do not answer are asked again as often as was said; each time it is told. */
async function findPatiently(applicationId: ApplicationId, options: ParsedOptions, { rm, cluster, user, err }: YarnIo): Promise<FoundLogs> {
  const retries = wholeNumber(options, 'client_max_retries') ?? 0;
  const intervalMs = Math.max(1, wholeNumber(options, 'client_retry_interval_ms') ?? DEFAULT_INTERVAL_MS);
  for (let tried = 0; ; tried++) {
    const found = await findLogs(rm, cluster, user, applicationId, options.one('nodeAddress'));
    if (found.unreachable.length === 0 || (retries >= 0 && tried >= retries)) return found;
    found.close();
    err(`No logs from node ${found.unreachable.join(', ')}; asking again in ${intervalMs} ms\n`);
    await pause(intervalMs);
  }
}

const DEFAULT_LIMIT_MB = 10_240;
const MB = 1024 * 1024;

/** Before the first byte: nobody wants the half of it. @throws AppError SUBMIT_USAGE */
function limitSize(files: readonly NodeLogFile[], options: ParsedOptions): void {
  const limitMb = wholeNumber(options, 'size_limit_mb') ?? DEFAULT_LIMIT_MB;
  const most = Math.abs(wholeNumber(options, 'size') ?? Number.MAX_SAFE_INTEGER);
  const bytes = files.reduce((sum, { sizeBytes }) => sum + Math.min(sizeBytes, most), 0);
  if (limitMb >= 0 && bytes > limitMb * MB)
    throw new AppError('SUBMIT_USAGE', {
      reason: `The logs have ${Math.ceil(bytes / MB)} MB, more than the limit of ${limitMb} MB: choose with -log_files, -containerId or -size, or set -size_limit_mb`,
    });
}

function listNodes(files: readonly NodeLogFile[], applicationId: string, { out, err }: YarnIo): number {
  const nodes = [...new Set(files.filter((f) => f.aggregated).map(nodeName))].sort();
  if (nodes.length === 0) err(`Could not locate application logs for ${applicationId}\n`);
  out(nodes.map((node) => `${node}\n`).join(''));
  return nodes.length === 0 ? EXIT_NOT_FOUND : 0;
}

async function follow(applicationId: ApplicationId, options: ParsedOptions, { rm, cluster, user, out }: YarnIo): Promise<number> {
  const names = options.all('log_files').filter((n) => n !== 'ALL' && n !== '*');
  const patterns = options.all('log_files_pattern').map(pattern);
  const container = options.one('containerId');
  const wanted = (file: { containerId: string; name: string }) =>
    (container === undefined || file.containerId === container) &&
    (names.length === 0 || names.includes(file.name)) &&
    (patterns.length === 0 || patterns.some((p) => p.test(file.name)));
  await followLogs({ rm, cluster, user, applicationId, wanted, write: out });
  return 0;
}

async function choose(
  files: readonly NodeLogFile[],
  options: ParsedOptions,
  rm: Peer,
  applicationId: ApplicationId,
): Promise<NodeLogFile[]> {
  const names = options.all('log_files').filter((n) => n !== 'ALL' && n !== '*');
  const patterns = options.all('log_files_pattern').map(pattern);
  const container = options.one('containerId');
  const am = options.has('am') ? await amContainers(options.all('am'), rm, applicationId) : undefined;
  return files.filter(
    (f) =>
      (container === undefined || f.containerId === container) &&
      (am === undefined || am.has(f.containerId)) &&
      (names.length === 0 || names.includes(f.name)) &&
      (patterns.length === 0 || patterns.some((p) => p.test(f.name))),
  );
}

function pattern(text: string): RegExp {
  try {
    return new RegExp(`^(?:${text})$`);
  } catch (cause) {
    throw new AppError('SUBMIT_USAGE', { reason: `${text} is no regular expression: ${(cause as Error).message}` }, { cause });
  }
}

/** @param which attempt numbers from 1, -1 for the latest, ALL */
async function amContainers(which: readonly string[], rm: Peer, applicationId: ApplicationId): Promise<Set<string>> {
  const { attempts } = await rm.call(attemptList, { applicationId });
  const chosen = which.some((w) => w.toUpperCase() === 'ALL')
    ? attempts
    : which.map((w) => (w === '-1' ? attempts.at(-1) : attempts[Number(w) - 1]));
  return new Set(chosen.flatMap((a) => (a?.amContainerId === undefined ? [] : [a.amContainerId])));
}

function notFound(files: readonly NodeLogFile[], options: ParsedOptions, applicationId: string, { err }: YarnIo): number {
  const container = options.one('containerId');
  if (files.length === 0) err(`Could not locate application logs for ${applicationId}\n`);
  else if (container !== undefined && !files.some((f) => f.containerId === container))
    err(`Can not find the logs for the container: ${container} within the application: ${applicationId}\n`);
  else
    err(
      `Can not find any log file matching the pattern for the application: ${applicationId}. There are: ${[...new Set(files.map((f) => f.name))].join(', ')}\n`,
    );
  return EXIT_NOT_FOUND;
}

async function print(file: NodeLogFile, options: ParsedOptions, { out }: YarnIo): Promise<void> {
  const size = wholeNumber(options, 'size');
  const offset = size !== undefined && size < 0 ? Math.max(size, -file.sizeBytes) : 0;
  const length = Math.abs(size ?? Number.MAX_SAFE_INTEGER);
  const folder = options.one('out');
  if (folder !== undefined) {
    const parts: Buffer[] = [];
    if (length > 0 && file.sizeBytes > 0) await readLog(file, offset, length, (bytes) => parts.push(bytes));
    store(join(folder, file.nodeId.replaceAll(':', '_'), file.containerId), file.name, Buffer.concat(parts));
    return;
  }
  out(logHead(file));
  let last = 10;
  const running = (
    await readLog(file, offset, length, (bytes) => {
      out(bytes);
      last = bytes.at(-1)!;
    })
  ).running;
  out(`${last === 10 ? '' : '\n'}${logTail(file, running)}`);
}

function wholeNumber(options: ParsedOptions, name: string): number | undefined {
  const said = options.one(name);
  if (said === undefined) return undefined;
  if (!/^-?\d{1,15}$/.test(said)) throw new AppError('SUBMIT_USAGE', { reason: `-${name} ${said} is no whole number` });
  return Number(said);
}

function store(folder: string, name: string, bytes: Buffer): void {
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, name), bytes);
  } catch (cause) {
    throw new AppError('SUBMIT_USAGE', { reason: `-out: ${join(folder, name)} can't be written: ${(cause as Error).message}` }, { cause });
  }
}
