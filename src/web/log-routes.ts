// Log files of containers, running and ended: GET <base>/containers/C/logs (which there are) and containerlogs/C/FILE (one of them, from the
// beginning, a part, or its end). A NodeManager serves its own, the ResourceManager those of all nodes; who may read is their business.
// Source: YARN's NMWebServices.getContainerLogsInfo, getContainerLogFile.
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ContainerLogs, LogBytes } from '../common/container-logs.ts';
import { type ContainerId, isContainerId } from '../common/ids.ts';
import { longTime } from '../common/java-time.ts';
import { type LogFile, logHead, logTail } from '../common/log-section.ts';
import { answer } from './answer.ts';
import type { WebUser } from './authenticate.ts';
import { Query } from './query.ts';
import { badRequest, notFound } from './web-error.ts';

const CHUNK_BYTES = 1 << 20;

/** @param base `/ws/v1/node` or `/ws/v1/cluster` */
export function logRoutes(app: FastifyInstance, base: string, logs: ContainerLogs<WebUser>): void {
  app.get(`${base}/containers/:containerId/logs`, async (request, reply) => {
    const id = containerOf(request);
    const { nodeId, files } = await logs.files(id, request.webUser);
    if (files.length === 0) throw notFound(`container with id, ${id}, not found`);
    const info = files.map(({ name, sizeBytes, modifiedAtMs }) => ({
      fileName: name,
      fileSize: String(sizeBytes),
      lastModifiedTime: longTime(modifiedAtMs),
    }));
    const logAggregationType = files.some((f) => f.aggregated) ? 'AGGREGATED' : 'LOCAL';
    return answer(request, reply, { containerLogsInfo: { containerLogInfo: info, logAggregationType, containerId: id, nodeId } });
  });
  for (const path of [`${base}/containerlogs/:containerId/:file`, `${base}/containers/:containerId/logs/:file`])
    app.get(path, async (request, reply) => {
      const id = containerOf(request);
      const name = (request.params as { file: string }).file;
      const found = await logs.files(id, request.webUser);
      const file = found.files.find((f) => f.name === name);
      if (file === undefined) return reply.code(404).type('text/plain;charset=utf-8').send('HTTP 404 Not Found');
      const part = partOf(new Query(request), file.sizeBytes);
      const format = new Query(request).text('format') ?? 'text';
      if (format !== 'text' && format !== 'octet-stream')
        throw badRequest(`The valid values for the parameter : format are [text, octet-stream]`);
      const bare = format === 'octet-stream' || new Query(request).bool('raw');
      reply.type(format === 'octet-stream' ? 'application/octet-stream;charset=utf-8' : 'text/plain;charset=utf-8');
      const section = { containerId: id, nodeId: found.nodeId, ...file };
      const read = (offset: number, length: number) => logs.read(found, id, name, offset, length);
      return reply.send(Readable.from(bytesOf(read, section, part, bare), { objectMode: false, highWaterMark: 64 * 1024 }));
    });
}

/** @throws WebError 400 */
function containerOf(request: FastifyRequest): ContainerId {
  const { containerId: id } = request.params as { containerId: string };
  if (!isContainerId(id)) throw badRequest(`Invalid container id, ${id}`);
  return id;
}

type Part = { readonly from: number; readonly length: number };

/** size=n: the first n bytes, size=-n: the last; start and end: a range, negative ones from the end. @throws WebError 400 */
function partOf(query: Query, sizeBytes: number): Part {
  const at = (offset: number) => Math.max(0, Math.min(sizeBytes, offset < 0 ? sizeBytes + offset : offset));
  const size = query.whole('size', Number.NaN);
  if (!Number.isNaN(size))
    return size < 0 ? { from: at(size), length: Math.min(-size, sizeBytes) } : { from: 0, length: Math.min(size, sizeBytes) };
  const from = at(query.whole('start', query.whole('offset', 0)));
  return { from, length: Math.max(0, Math.min(at(query.whole('end', sizeBytes)) - from, query.whole('length', sizeBytes))) };
}

type Read = (offset: number, lengthBytes: number) => Promise<LogBytes>;

async function* bytesOf(read: Read, file: LogFile, { from, length }: Part, bare: boolean): AsyncGenerator<Buffer> {
  if (!bare) yield Buffer.from(logHead(file));
  let running = false;
  let last = 0x0a;
  let [at, left] = [from, length];
  do {
    const part = await read(at, Math.min(left, CHUNK_BYTES));
    running = part.running;
    if (part.bytes.length === 0) break;
    last = part.bytes.at(-1)!;
    yield part.bytes;
    at += part.bytes.length;
    left -= part.bytes.length;
  } while (left > 0);
  if (!bare) yield Buffer.from((last === 0x0a ? '' : '\n') + logTail(file, running));
}
