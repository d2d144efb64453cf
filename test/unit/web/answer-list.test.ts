// A list of 100,000 items over HTTP: whole, valid, and with turns of the event loop in between; XML the same.
import fastify from 'fastify';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { answerList } from '../../../src/web/answer-list.ts';

const MANY = Array.from({ length: 100_000 }, (_, i) => i);
const app = fastify();
let base: string;
beforeAll(async () => {
  const names = { root: 'apps', item: 'app' };
  app.get('/many', (request, reply) => answerList(request, reply, names, MANY, (id) => ({ id, name: `application ${id}` })));
  app.get('/none', (request, reply) => answerList(request, reply, names, [], () => ({})));
  await app.listen({ port: 0, host: '127.0.0.1' });
  base = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
});
afterAll(() => app.close());

it('is complete, and lets others have their turn between its pieces', async () => {
  let turns = 0;
  let going = true;
  const turn = (): void => {
    turns++;
    if (going) setImmediate(turn);
  };
  turn();
  const body = (await (await fetch(`${base}/many`)).json()) as { apps: { app: { id: number; name: string }[] } };
  going = false;
  expect(body.apps.app).toHaveLength(MANY.length);
  expect(body.apps.app.at(-1)).toEqual({ id: 99_999, name: 'application 99999' });
  expect(turns).toBeGreaterThan(MANY.length / 100 / 2);
});

it("has YARN's form when it is empty, and is XML for who asks", async () => {
  expect(await (await fetch(`${base}/none`)).json()).toEqual({ apps: {} });
  const xml = await (await fetch(`${base}/many`, { headers: { accept: 'application/xml' } })).text();
  expect(
    xml.startsWith('<?xml version="1.0" encoding="UTF-8" standalone="yes"?><apps><app><id>0</id><name>application 0</name></app>'),
  ).toBe(true);
  expect(xml.endsWith('<app><id>99999</id><name>application 99999</name></app></apps>')).toBe(true);
});
