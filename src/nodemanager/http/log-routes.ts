// Log files of containers, running and ended: GET /ws/v1/node/containers/C/logs (which there are) and containerlogs/C/FILE (one of them, from the
// beginning, a part, or its end). Who may read: log-access.ts.
// Source: YARN's NMWebServices.getContainerLogsInfo, getContainerLogFile, NMWebServices.isAllowed.
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type ContainerId, isContainerId } from '../../common/ids.ts';
import { longTime } from '../../common/java-time.ts';
import { logHead, logTail } from '../../common/log-section.ts';
import { answer } from '../../web/answer.ts';
import { Query } from '../../web/query.ts';
import { badRequest, notFound } from '../../web/web-error.ts';
import { mustReadLogs } from './log-access.ts';
import type { NmHttpParts } from './nm-app.ts';
import { paramOf } from './node-routes.ts';

const BASE = '/ws/v1/node';
const CHUNK_BYTES = 1 << 20;

export function logRoutes(app: FastifyInstance, parts: NmHttpParts): void {
  const { view } = parts;
  app.get(`${BASE}/containers/:containerId/logs`, async (request, reply) => {
    const id = readable(parts, request);
    const files = await view.logs.ofContainer(id);
    if (files.length === 0) throw notFound(`container with id, ${id}, not found`);
    const info = files.map(({ name, sizeBytes, modifiedAtMs }) => ({
      fileName: name,
      fileSize: String(sizeBytes),
      lastModifiedTime: longTime(modifiedAtMs),
    }));
    return answer(request, reply, {
      containerLogsInfo: {
        containerLogInfo: info,
        logAggregationType: files.some((f) => f.aggregated) ? 'AGGREGATED' : 'LOCAL',
        containerId: id,
        nodeId: view.nodeId,
      },
    });
  });
  for (const path of [`${BASE}/containerlogs/:containerId/:file`, `${BASE}/containers/:containerId/logs/:file`])
    app.get(path, async (request, reply) => {
      const id = readable(parts, request);
      const name = paramOf(request, 'file');
      const file = (await view.logs.ofContainer(id)).find((f) => f.name === name);
      if (file === undefined) return reply.code(404).type('text/plain;charset=utf-8').send('HTTP 404 Not Found');
      const part = partOf(new Query(request), file.sizeBytes);
      const format = new Query(request).text('format') ?? 'text';
      if (format !== 'text' && format !== 'octet-stream')
        throw badRequest(`The valid values for the parameter : format are [text, octet-stream]`);
      const bare = format === 'octet-stream' || new Query(request).bool('raw');
      reply.type(format === 'octet-stream' ? 'application/octet-stream;charset=utf-8' : 'text/plain;charset=utf-8');
      const section = { containerId: id, nodeId: view.nodeId, ...file };
      return reply.send(Readable.from(bytesOf(parts, section, part, bare), { objectMode: false, highWaterMark: 64 * 1024 }));
    });
}

/** @throws WebError 400 @throws AppError ACCESS_DENIED */
function readable({ view, settings }: NmHttpParts, request: FastifyRequest): ContainerId {
  const id = paramOf(request, 'containerId');
  if (!isContainerId(id)) throw badRequest(`Invalid container id, ${id}`);
  mustReadLogs(view, settings, request.webUser, id);
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

type Section = Parameters<typeof logHead>[0] & { readonly containerId: ContainerId };

async function* bytesOf({ view }: NmHttpParts, file: Section, { from, length }: Part, bare: boolean): AsyncGenerator<Buffer> {
  if (!bare) yield Buffer.from(logHead(file));
  let running = false;
  let last = 0x0a;
  for (let at = from, left = length; left > 0; ) {
    const read = await view.logs.read({
      containerId: file.containerId,
      name: file.name,
      offset: at,
      lengthBytes: Math.min(left, CHUNK_BYTES),
    });
    running = read.running === 1;
    const bytes = Buffer.from(read.base64, 'base64');
    if (bytes.length === 0) break;
    last = bytes.at(-1)!;
    yield bytes;
    at += bytes.length;
    left -= bytes.length;
  }
  if (bare) return;
  if (length === 0) running = view.logs.isRunning(file.containerId);
  yield Buffer.from((last === 0x0a ? '' : '\n') + logTail(file, running));
}
