// Long answers of the REST API: all tasks that are asked for, made while they are read.
import fastify from 'fastify';
import { expect, test } from 'vitest';
import { JsonItems, JsonMembers, printJson } from '../../../../src/status/rest/java-json.ts';
import { jsonPieces, sendJson } from '../../../../src/status/rest/json-stream.ts';
import { restRoutes } from '../../../../src/status/rest/routes.ts';
import { stageInfo, TestApplication } from '../../../helpers/status-events.ts';

function* counted(most: number, onMade: (n: number) => void) {
  for (let i = 0; i < most; i++) {
    onMade(i + 1);
    yield { index: i, text: 'x'.repeat(100), none: undefined };
  }
}

test('pieces are the text that is printed at once', () => {
  const values = () => [
    [
      {
        a: new JsonItems(counted(3, () => {})),
        b: new JsonMembers([
          ['7', { c: [] }],
          ['9', undefined],
        ]),
        d: undefined,
        e: [1, 'x'],
      },
    ],
    new JsonItems([]),
    new JsonMembers([]),
    { none: undefined },
    [],
    7,
  ];
  for (const [i, value] of values().entries()) expect([...jsonPieces(value)].join('')).toBe(printJson(values()[i]));
  expect(printJson(new JsonItems([1, 2]))).toBe('[ 1, 2 ]');
});

test('what nobody has read is not made', () => {
  let made = 0;
  const pieces = jsonPieces(new JsonItems(counted(1_000_000, (n) => (made = n))));
  pieces.next();
  expect(made).toBeLessThan(1_000);
});

test('a failure in the middle cuts the answer off: half a list does not look whole', async () => {
  const server = fastify();
  server.get(
    '/',
    (_request, reply) =>
      sendJson(
        reply,
        new JsonItems(
          counted(100_000, (n) => {
            if (n > 50_000) throw new Error('the index is gone');
          }),
        ),
      ), // prettier-ignore
  );
  const url = await server.listen({ port: 0, host: '127.0.0.1' });
  await expect(fetch(url).then((answer) => answer.text())).rejects.toThrow();
  await server.close();
});

test('taskList and the details of a stage have all tasks', async () => {
  const app = new TestApplication().executor('1');
  const stage = { ...stageInfo(0), numTasks: 5_000 };
  app.job(0, [stage]).submit(stage);
  for (let i = 0; i < 5_000; i++) app.task(0, i);
  const server = fastify();
  restRoutes(server, { list: () => [app.store.application()!], find: () => ({ view: app.store }) }, '1');
  const get = async (path: string) => JSON.parse((await server.inject(`/api/v1/applications/app-1${path}`)).body);
  const list = (await get('/stages/0/0/taskList?length=100000')) as { taskId: number }[];
  expect(list.map((task) => task.taskId)).toEqual(Array.from({ length: 5_000 }, (_, i) => list[0]!.taskId + i));
  expect(Object.keys((await get('/stages/0/0')).tasks)).toHaveLength(5_000);
  expect(await get('/stages/0/0/taskList?offset=4999')).toHaveLength(1);
});
