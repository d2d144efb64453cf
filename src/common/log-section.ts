// How `yarn logs` frames one log file (golden: yarn-cli/logs-*.stdout). Pure text; the bytes themselves go between head and tail.
import { longTime } from './java-time.ts';

export type LogFile = {
  readonly containerId: string;
  readonly nodeId: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
  /** Packed at the application's end. */
  readonly aggregated: boolean;
};

/** A node's name as YARN names its aggregated file. */
export const nodeName = (f: Pick<LogFile, 'nodeId' | 'aggregated'>): string => (f.aggregated ? f.nodeId.replaceAll(':', '_') : f.nodeId);
const containerLine = (f: LogFile): string => `Container: ${f.containerId} on ${nodeName(f)}`;
const typeOf = ({ aggregated }: LogFile): string => (aggregated ? 'AGGREGATED' : 'LOCAL');

export function logHead(file: LogFile): string {
  const head = containerLine(file);
  return `${head}\nLogAggregationType: ${typeOf(file)}\n${'='.repeat(head.length)}\nLogType:${file.name}\nLogLastModifiedTime:${longTime(file.modifiedAtMs)}\nLogLength:${file.sizeBytes}\nLogContents:\n`;
}

/** @param running the container still writes it */
export function logTail({ name, containerId }: LogFile, running: boolean): string {
  const note = running ? `.This log file belongs to a running container (${containerId}) and so may not be complete.` : '';
  return `End of LogType:${name}${note}\n${'*'.repeat(65 + name.length)}\n\n${running ? '\n' : ''}`;
}

/** -show_container_log_info: the files of each container, without their contents. */
export function logInfoTable(files: readonly LogFile[]): string {
  const row = (cells: readonly string[]) => cells.map((cell) => cell.padStart(30)).join('\t');
  const header = row(['LogFile', 'LogLength', 'LastModificationTime', 'LogAggregationType']);
  const infoRow = (f: LogFile) => row([f.name, String(f.sizeBytes), longTime(f.modifiedAtMs), typeOf(f)]);
  const containers = Map.groupBy(files, containerLine);
  return [...containers]
    .map(([head, own]) => `${[head, '='.repeat(head.length), header, '='.repeat(136), ...own.map(infoRow)].join('\n')}\n`)
    .join('');
}

/** -show_application_log_info */
export const logContainers = (files: readonly LogFile[], running: boolean): string =>
  `Application State: ${running ? 'Running' : 'Completed'}.\n${[...new Set(files.map(containerLine))].map((line) => `${line}\n`).join('')}`;
