// GET and PUT /ws/v1/cluster/scheduler-conf: the queues' file as properties, and changes to it that hold at once and are in the file afterwards. A
// change that the scheduler refuses changes nothing, neither file nor queues. Source: YARN's MutableCSConfigurationProvider, SchedConfUpdateInfo.
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import { answer } from '../../web/answer.ts';
import { entriesField, fieldsOf, listField, textField } from '../../web/body.ts';
import { badRequest } from '../../web/web-error.ts';
import type { QueuesRead } from '../core/queue-policies.ts';
import type { RmHttpParts } from './rm-app.ts';

export type SchedulerFile = {
  /** conf/capacity-scheduler.yaml */
  readonly path: string;
  readonly properties: (path: string) => Promise<readonly (readonly [name: string, value: string])[]>;
  /** @throws AppError QUEUE_CONFIG_INVALID */
  readonly read: (path: string) => Promise<QueuesRead>;
};

type Yaml = { readonly properties: readonly { readonly name: string; readonly value: unknown }[] };

/** @param path undefined, or of a file that is not there: the queues are the default ones, and nobody can change them here */
export const schedulerFile = (
  path: string | undefined,
  readYaml: (path: string) => Promise<Yaml>,
  read: SchedulerFile['read'],
): SchedulerFile | undefined =>
  path === undefined || !existsSync(path)
    ? undefined
    : { path, read, properties: async (at) => (await readYaml(at)).properties.map(({ name, value }) => [name, String(value)] as const) };

const PATH = '/ws/v1/cluster/scheduler-conf';
const PREFIX = 'yarn.scheduler.capacity.';
type Properties = Map<string, string>;

export function schedulerConfRoutes(app: FastifyInstance, parts: RmHttpParts): void {
  const file = (): SchedulerFile => {
    const { kind } = parts.loop.core.cluster.scheduler;
    if (parts.schedulerFile !== undefined && kind === 'capacity') return parts.schedulerFile;
    const name = { capacity: 'CapacityScheduler', fair: 'FairScheduler', fifo: 'FifoScheduler' }[kind];
    throw badRequest(
      `This API only supports to retrieve scheduler configuration from a mutable-conf scheduler, underneath scheduler ${name} is not an instance of MutableConfScheduler`,
    );
  };
  const mayAdminister = (who: Parameters<typeof parts.access.may>[0], operation: string) =>
    parts.access.may(who, { tag: 'administer', what: 'the queues' }, { operation, target: 'AdminService' });
  app.get(PATH, async (request, reply) => {
    await mayAdminister(request.webUser, 'Get Scheduler Configuration');
    const properties = await file().properties(file().path);
    return answer(request, reply, { property: properties.map(([name, value]) => ({ name, value })) });
  });
  // One after the other: each begins with the file as the one before has left it.
  let last: Promise<unknown> = Promise.resolve();
  app.put(PATH, async (request, reply) => {
    const about = { operation: 'Update Scheduler Configuration', target: 'AdminService' };
    await mayAdminister(request.webUser, about.operation);
    const turn = last.then(() => parts.access.noted(request.webUser, about, () => update(parts, file(), request.body)));
    last = turn.catch(() => {});
    await turn;
    return reply.type('text/plain;charset=utf-8').send('Configuration change successfully applied.');
  });
}

async function update({ loop }: RmHttpParts, file: SchedulerFile, body: unknown): Promise<void> {
  const properties: Properties = new Map(await file.properties(file.path));
  change(properties, body);
  const next = `${file.path}.next`;
  writeFileSync(next, headOf(file.path) + [...properties].map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`).join(''), {
    mode: 0o644,
  });
  try {
    await loop.handle({ tag: 'queuesRefreshed', ...(await file.read(next)) });
    renameSync(next, file.path);
  } catch (error) {
    rmSync(next, { force: true });
    throw error;
  }
}

/** The comment that the file begins with is kept; comments between properties are not. */
const headOf = (path: string): string => /^(?:#.*\n|\s*\n)*/.exec(readFileSync(path, 'utf8'))![0];

/** Source: SchedConfUpdateInfo: remove-queue, add-queue, update-queue, global-updates, in this order. @throws WebError 400 */
function change(properties: Properties, body: unknown): void {
  const fields = fieldsOf(body);
  for (const removed of listField(fields, 'remove-queue')) removeQueue(properties, String(removed));
  for (const added of listField(fields, 'add-queue')) {
    const [path, params] = queueChange(added);
    const at = path.lastIndexOf('.');
    if (at < 0) throw badRequest(`add-queue: ${path} must be the path of a queue below root.`);
    setChildren(properties, path.slice(0, at), (names) => [...names.filter((name) => name !== path.slice(at + 1)), path.slice(at + 1)]);
    setAll(properties, path, params);
  }
  for (const updated of listField(fields, 'update-queue')) setAll(properties, ...queueChange(updated));
  for (const global of listField(fields, 'global-updates'))
    for (const [key, value] of entriesField({ global }, 'global')) set(properties, key.startsWith('yarn.') ? key : PREFIX + key, value);
}

function queueChange(value: unknown): [path: string, params: (readonly [string, unknown])[]] {
  const fields = fieldsOf(value);
  const path = textField(fields, 'queue-name') ?? '';
  if (!/^root(\.[^.\s:#]+)*$/.test(path)) throw badRequest(`queue-name: ${JSON.stringify(path)} is no path such as root.a.`);
  return [path, entriesField(fields, 'params')];
}

const setAll = (properties: Properties, path: string, params: readonly (readonly [string, unknown])[]): void => {
  for (const [key, value] of params) set(properties, `${PREFIX}${path}.${key}`, value);
};

/** No value takes the property away. */
function set(properties: Properties, name: string, value: unknown): void {
  if (!/^[\w.\-/*@]+$/.test(name)) throw badRequest(`${JSON.stringify(name.slice(0, 100))} is no name of a property.`);
  if (value === undefined || value === null || value === '') properties.delete(name);
  else properties.set(name, String(value));
}

function removeQueue(properties: Properties, path: string): void {
  const at = path.lastIndexOf('.');
  if (at < 0) throw badRequest(`remove-queue: ${path} must be the path of a queue below root.`);
  setChildren(properties, path.slice(0, at), (names) => {
    if (!names.includes(path.slice(at + 1))) throw badRequest(`remove-queue: there is no queue ${path}.`);
    return names.filter((name) => name !== path.slice(at + 1));
  });
  for (const name of [...properties.keys()]) if (name.startsWith(`${PREFIX}${path}.`)) properties.delete(name);
}

function setChildren(properties: Properties, parent: string, of: (names: readonly string[]) => readonly string[]): void {
  const name = `${PREFIX}${parent}.queues`;
  const names = (properties.get(name) ?? '')
    .split(',')
    .map((child) => child.trim())
    .filter((child) => child !== '');
  set(properties, name, of(names).join(','));
}
