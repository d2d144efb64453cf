// Changing an application: PUT apps/ID/state, queue, priority, timeout; POST containers/C/signal/CMD. Source: YARN's RMWebServices.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../common/errors.ts';
import { CONTAINER_SIGNALS, containerSignal } from '../../common/container-signals.ts';
import { applicationOfContainer, isContainerId } from '../../common/ids.ts';
import { answer } from '../../web/answer.ts';
import { fieldsOf, textField, wholeField } from '../../web/body.ts';
import { webScheme } from '../../web/web-scheme.ts';
import { badRequest } from '../../web/web-error.ts';
import type { Application } from '../core/entities.ts';
import { rightsOf, type Who } from '../service/access.ts';
import { applicationNamed, paramOf, RM_WEB } from './asking.ts';
import { lifetimeOf } from './render-app.ts';
import type { RmHttpParts } from './rm-app.ts';

const APP = '/ws/v1/cluster/apps/:appId';
type Body = Readonly<Record<string, unknown>>;

export function changeRoutes(app: FastifyInstance, parts: RmHttpParts): void {
  const { loop } = parts;
  const put = (path: string, act: (application: Application, body: Body, by: Changing) => Promise<unknown>): void => {
    app.put(`${APP}${path}`, async (request, reply) => {
      const application = applicationNamed(parts, paramOf(request, 'appId'));
      const body = fieldsOf(request.body);
      const done = await act(application, body, { who: request.webUser, request, reply });
      return answer(request, reply, done);
    });
  };
  put('/state', (application, body, by) => putState(parts, application, body, by));
  put('/queue', async (application, body, { who }) => {
    const queue = textField(body, 'queue') ?? '';
    if (queue === '') throw badRequest('queue: the name of a queue is expected.');
    await changed(parts, who, application, 'Move Application Request', async () =>
      loop.handle({ tag: 'applicationMove', id: application.id, queue, user: who.user, caller: await parts.access.caller(who.user) }),
    );
    return { queue: application.submission.queue };
  });
  put('/priority', async (application, body, { who }) => {
    const priority = wholeField(body, 'priority');
    if (priority === undefined) throw badRequest('priority: a whole number is expected.');
    await changed(parts, who, application, 'Update Application Priority Request', () =>
      loop.handle({ tag: 'applicationPriority', id: application.id, priority, user: who.user }),
    );
    return { priority: application.submission.priority };
  });
  for (const path of ['/timeout', '/timeouts'])
    put(path, async (application, body, { who }) => {
      const expiresAtMs = lifetimeAsked(body);
      await changed(parts, who, application, 'Update Application Timeout Request', () =>
        loop.handle({ tag: 'applicationTimeout', id: application.id, expiresAtMs, user: who.user }),
      );
      return { timeout: lifetimeOf(application, loop.now()) };
    });
  app.post('/ws/v1/cluster/containers/:containerId/signal/:command', (request, reply) => signalContainer(parts, request, reply));
}

type Changing = { readonly who: Who; readonly request: FastifyRequest; readonly reply: FastifyReply };

/** May he, and how it went, for the audit log. @throws AppError ACCESS_DENIED and what the change is refused with */
async function changed(
  { access }: RmHttpParts,
  who: Who,
  application: Application,
  operation: string,
  act: () => Promise<void>,
): Promise<void> {
  const about = { operation, target: RM_WEB, applicationId: application.id };
  await access.may(who, { tag: 'modify', application: rightsOf(application) }, about);
  await access.noted(who, about, act);
}

/** 202 while it ends, 200 once it has. */
async function putState(parts: RmHttpParts, application: Application, body: Body, { who, reply }: Changing): Promise<unknown> {
  if (textField(body, 'state')?.toUpperCase() !== 'KILLED') throw badRequest("Only 'KILLED' is allowed as a target state.");
  if ('ending' in application.state) return { state: application.state.tag };
  const said = textField(body, 'diagnostics') ?? '';
  const diagnostics = `Application ${application.id} was killed by user ${who.user}${said === '' ? '' : ` with diagnostic message: ${said}`}`;
  await changed(parts, who, application, 'Kill Application Request', () =>
    parts.loop.handle({ tag: 'applicationKill', id: application.id, user: who.user, diagnostics }),
  );
  reply.code(202).header('location', `${webScheme(parts.settings)}://${parts.hostPort}/ws/v1/cluster/apps/${application.id}/state`);
  return { state: 'KILLING' };
}

/** `{timeout: {type, expiryTime}}` or the inside alone. UNLIMITED takes it away. @returns ms since the epoch @throws WebError 400 */
function lifetimeAsked(body: Body): number | undefined {
  const fields = body['timeout'] === undefined ? body : fieldsOf(body['timeout'], 'timeout');
  const [type, expiry] = [textField(fields, 'type'), textField(fields, 'expiryTime')];
  if (type?.toUpperCase() !== 'LIFETIME') throw badRequest('Timeout type is missing: the only one is LIFETIME.');
  if (expiry === undefined) throw badRequest('Timeout value is missing: expiryTime is expected.');
  if (expiry.toUpperCase() === 'UNLIMITED') return undefined;
  const ms = Date.parse(expiry.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  if (Number.isNaN(ms)) throw badRequest(`Invalid expiryTime ${expiry}: a time such as 2030-01-01T00:00:00.000+0000 is expected.`);
  return ms;
}

/** Its node sends it to the processes of the container. */
async function signalContainer(parts: RmHttpParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const [containerId, command] = [paramOf(request, 'containerId'), paramOf(request, 'command')];
  const signal = containerSignal(command);
  if (!isContainerId(containerId)) throw badRequest(`Invalid ContainerId: ${containerId}`);
  if (signal === undefined)
    throw badRequest(`Invalid command: ${command.toUpperCase()}, valid commands are: [${Object.keys(CONTAINER_SIGNALS).join(', ')}]`);
  const { cluster } = parts.loop.core;
  const container = cluster.containers.get(containerId);
  const application = cluster.applications.get(applicationOfContainer(containerId));
  if (container === undefined || application === undefined) throw new AppError('CONTAINER_UNKNOWN', { containerId });
  const who = request.webUser;
  await changed(parts, who, application, 'Signal Container Request', () =>
    parts.loop.handle({ tag: 'containerSignalled', id: containerId, user: who.user, signal }),
  );
  return reply.code(200).send('');
}
