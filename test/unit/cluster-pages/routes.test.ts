// The routes of the pages on a real server: what they answer, what they refuse, old addresses, and the live stream.
import { get as httpGet } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import fastify, { type FastifyInstance } from 'fastify';
import { rmPages } from '../../../src/cluster-pages/rm-routes.ts';
import type { AnswersPages } from '../../../src/status/pages/page-bundle.ts';
import { oldAddress } from '../../../src/cluster-pages/page-routes.ts';
import { demoCluster, HOSTILE_NAME } from '../../helpers/demo-cluster.ts';
import { eventually } from '../../helpers/eventually.ts';

const killed: string[] = [];
const source = demoCluster({ applications: 50, killed });
const FILES: AnswersPages = {
  answer: (path) => {
    const location = oldAddress('rm', path);
    return location === undefined ? undefined : { tag: 'redirect', location: `../${location}` };
  },
};

describe('routes of the ResourceManager’s pages', () => {
  let server: FastifyInstance;
  let url = '';
  beforeAll(async () => {
    server = fastify({ forceCloseConnections: true });
    rmPages({ server, files: FILES, whoOf: (request) => ({ user: String(request.headers['x-user'] ?? 'ann') }) }, source);
    url = await server.listen({ host: '127.0.0.1', port: 0 });
  });
  afterAll(() => server.close());
  const ask = (path: string, init?: RequestInit) => fetch(`${url}${path}`, { redirect: 'manual', ...init });

  it('a list is a page of rows as JSON, not kept by anybody', async () => {
    const answer = await ask('/ui-api/apps?length=5&state=RUNNING&search=user:ann');
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('cache-control')]).toEqual([
      200,
      'application/json; charset=utf-8',
      'no-store',
    ]);
    const { total, rows } = (await answer.json()) as { total: number; rows: { user: string; state: string }[] };
    expect(total).toBeGreaterThan(0);
    expect(rows.every((r) => r.user === 'ann' && r.state === 'RUNNING')).toBe(true);
  });
  it('what is not there is 404 in a sentence; a length is bounded', async () => {
    const answer = await ask('/ui-api/apps/application_9_0001');
    expect([answer.status, await answer.text()]).toEqual([
      404,
      'There is no application application_9_0001. It never was, or it ended long ago and is forgotten.',
    ]);
    const many = (await (await ask('/ui-api/apps?length=100000')).json()) as { rows: unknown[] };
    expect(many.rows).toHaveLength(50);
    expect((await ask('/ui-api/nodes/nowhere')).status).toBe(404);
  });
  it('settings are for who administers', async () => {
    expect((await ask('/ui-api/settings')).status).toBe(200);
    expect((await ask('/ui-api/settings', { headers: { 'x-user': 'mallory' } })).status).toBe(403);
  });
  it('old addresses lead to ours and keep their query', async () => {
    const answer = await ask('/cluster/apps/RUNNING?user=ann');
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '../ui/apps?state=RUNNING&user=ann']);
  });
  it('a kill needs our own header and our own origin', async () => {
    const id = ((await (await ask('/ui-api/apps?length=1')).json()) as { rows: { id: string }[] }).rows[0]!.id;
    const path = `/ui-api/apps/${id}/kill`;
    expect((await ask(path, { method: 'POST' })).status).toBe(403);
    expect((await ask(path, { method: 'POST', headers: { 'x-xsrf-header': '1', origin: 'http://evil.example' } })).status).toBe(403);
    expect((await ask(path, { method: 'POST', headers: { 'x-xsrf-header': '1', 'sec-fetch-site': 'cross-site' } })).status).toBe(403);
    expect(killed).toEqual([]);
    expect((await ask(path, { method: 'POST', headers: { 'x-xsrf-header': '1', origin: url } })).status).toBe(200);
    expect(killed).toEqual([id]);
  });
  it('the stream sends all facts once, then what changes, then nothing', async () => {
    let text = '';
    const request = httpGet(`${url}/ui-api/live`, (answer) => answer.setEncoding('utf8').on('data', (part: string) => (text += part)));
    await eventually(() => text).toContain('event: facts');
    expect(JSON.parse(/event: facts\ndata: (.*)\n/.exec(text)![1]!)).toMatchObject({ scheduler: 'capacity', epoch: 2 });
    text = '';
    source.bump('nodes');
    await eventually(() => text).toContain('event: change\ndata: {"topics":["nodes"]}');
    source.sample();
    await eventually(() => text).toContain('event: sample');
    request.destroy();
  });
  it('names with HTML in them travel as JSON, never as a page', async () => {
    const answer = await ask('/ui-api/apps?length=1&search=onerror');
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(((await answer.json()) as { rows: { name: string }[] }).rows[0]!.name).toBe(HOSTILE_NAME);
  });
});
