// The pages' live stream: server-sent events with the status's version whenever it has grown, at most one a second; a comment now and then
// shows that the server lives. It ends with the connection and keeps no process alive.
import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { StatusView } from '../store/status-view.ts';

const PERIOD_MS = 1_000;
const QUIET_TICKS = 15;

/** Answers with the head of a stream; what follows is the caller's to write, until the connection closes. */
export function openStream(reply: FastifyReply): ServerResponse {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    'x-content-type-options': 'nosniff',
  });
  return raw;
}

export function eventStream(view: StatusView, reply: FastifyReply): FastifyReply {
  const raw = openStream(reply);
  let told = -1;
  let quiet = 0;
  const tick = (): void => {
    if (raw.writableNeedDrain) return; // a slow reader gets fewer
    if (view.version !== told) {
      told = view.version;
      quiet = 0;
      raw.write(`id: ${told}\nevent: version\ndata: {"version":${told}}\n\n`);
    } else if (++quiet % QUIET_TICKS === 0) raw.write(':\n\n');
  };
  const timer = setInterval(tick, PERIOD_MS);
  timer.unref();
  raw.on('close', () => clearInterval(timer));
  raw.on('error', () => clearInterval(timer));
  tick();
  return reply;
}
