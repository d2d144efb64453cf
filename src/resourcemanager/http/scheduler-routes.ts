// The scheduler over REST: its queues, what it did and refused, its configuration, rights on queues; and the answers that say what there is not.
// Source: YARN's RMWebServices.
import type { FastifyInstance } from 'fastify';
import { AppError } from '../../common/errors.ts';
import { answer } from '../../web/answer.ts';
import { Query } from '../../web/query.ts';
import { badRequest, WebError } from '../../web/web-error.ts';
import { type Act, mayUser } from '../core/acls/may-user.ts';
import { type AppAllocation, javaDate } from '../core/scheduler/activities.ts';
import { maximumAllocation } from '../service/client-service.ts';
import { paramOf, RM_WEB, viewable } from './asking.ts';
import { resourceInfo } from './resource-info.ts';
import { fairSchedulerInfo, fifoSchedulerInfo } from './render-other-schedulers.ts';
import { capacitySchedulerInfo } from './render-queues.ts';
import type { RmHttpParts } from './rm-app.ts';

const BASE = '/ws/v1/cluster';
/** How long an application's rounds are recorded. Source: RMWSConsts.DEFAULT_ACTIVITIES_COUNT, ActivitiesManager. */
const FOLLOW_MS = 3_000;
const DEFAULT_BULK = 10;

export function schedulerRoutes(app: FastifyInstance, parts: RmHttpParts): void {
  const { loop, access } = parts;
  const { cluster } = loop.core;
  app.get(`${BASE}/scheduler`, (request, reply) => {
    const { kind } = cluster.scheduler;
    const render = { capacity: capacitySchedulerInfo, fair: fairSchedulerInfo, fifo: fifoSchedulerInfo }[kind];
    return answer(request, reply, { scheduler: { schedulerInfo: render(parts) } });
  });
  app.get(`${BASE}/scheduler-overview`, (request, reply) => answer(request, reply, { scheduler: overview(parts) }));
  app.get(`${BASE}/scheduler/activities`, (request, reply) => {
    const nodeId = new Query(request).text('nodeId');
    const found = cluster.activities.ofScheduler(nodeId as Parameters<typeof cluster.activities.ofScheduler>[0], loop.now());
    return answer(request, reply, { activities: found });
  });
  app.get(`${BASE}/scheduler/bulk-activities`, (request, reply) => {
    const activities = cluster.activities.bulk(new Query(request).whole('activitiesCount', DEFAULT_BULK), loop.now());
    return answer(request, reply, { bulkActivities: activities.length === 0 ? {} : { activities } });
  });
  app.get(`${BASE}/scheduler/app-activities/:appId`, async (request, reply) => {
    const application = await viewable(parts, request, 'Get Application Activities');
    const query = new Query(request);
    const forMs = Math.max(0.1, Math.min(600, query.whole('maxTime', FOLLOW_MS / 1000))) * 1000;
    const nowMs = loop.now();
    const allocations = cluster.activities.ofApplication(application.id, forMs, nowMs);
    return answer(request, reply, { appActivities: appActivities(application.id, allocations.slice(-query.whole('limit', 1_000)), nowMs) });
  });
  app.get(`${BASE}/queues/:queue/access`, async (request, reply) => {
    const query = new Query(request);
    const [user, type] = [query.text('user'), query.text('queue-acl-type')?.toUpperCase()];
    const queue = cluster.scheduler.queueNamed(paramOf(request, 'queue'));
    if (user === undefined) throw badRequest('Specify user. The user parameter is missing.');
    if (type !== 'SUBMIT_APPLICATIONS' && type !== 'ADMINISTER_QUEUE')
      throw badRequest(
        `Specified queueAclType=${type ?? ''} is not a valid type, valid queue acl types={SUBMIT_APPLICATIONS/ADMINISTER_QUEUE}`,
      );
    if (queue === undefined)
      throw new AppError('QUEUE_UNKNOWN', {
        queue: paramOf(request, 'queue'),
        leaves: cluster.scheduler
          .queues()
          .filter((q) => q.leaf)
          .map((q) => q.path)
          .join(', '),
      });
    if (request.webUser.user !== user)
      await access.may(
        request.webUser,
        { tag: 'administerQueue', queue },
        { operation: 'Check User Access To Queue', target: RM_WEB, queue },
      );
    const act: Act = type === 'SUBMIT_APPLICATIONS' ? { tag: 'submit', queue } : { tag: 'administerQueue', queue };
    const refused = mayUser(cluster.policy, await access.caller(user), act);
    const diagnostics =
      refused === undefined
        ? ''
        : `User=${user} doesn't have access to queue=${queue} with acl-type=${type}. One of these would have to name him: ${refused.grants.join('; ')}`;
    return answer(request, reply, { rmQueueAclInfo: { allowed: refused === undefined, user, diagnostics } });
  });
  app.get(`${BASE}/userinfo`, (request, reply) => {
    const { user, real } = request.webUser;
    return answer(request, reply, { rmLoginUser: cluster.policy.owner || real, requestedUser: user });
  });
  // Words of a secure cluster of YARN's; tokens here are made by `emberloom user token`, not over HTTP.
  for (const method of ['POST', 'DELETE'] as const)
    for (const path of [`${BASE}/delegation-token`, `${BASE}/delegation-token/expiration`])
      app.route({
        method,
        url: path,
        handler: () => {
          throw new WebError(
            403,
            'org.apache.hadoop.security.authorize.AuthorizationException',
            'Delegation token operations can only be carried out on a Kerberos authenticated channel. Expected auth type is kerberos, got type null',
          );
        },
      });
}

const NAMES = { capacity: 'Capacity Scheduler', fair: 'Fair Scheduler', fifo: 'Fifo Scheduler' } as const;

/** Source: SchedulerOverviewInfo. */
function overview({ loop }: RmHttpParts) {
  const { cluster } = loop.core;
  const { minAllocationMb, maxApplicationPriority = 2 ** 31 - 1 } = cluster.settings;
  return {
    schedulerType: NAMES[cluster.scheduler.kind],
    schedulingResourceType: '[memory-mb (unit=Mi), vcores]',
    minimumAllocation: resourceInfo({ memoryMb: minAllocationMb, vcores: 1 }),
    maximumAllocation: resourceInfo(maximumAllocation(cluster)),
    applicationPriority: maxApplicationPriority,
    schedulerBusy: 0,
    rmDispatcherEventQueueSize: 0,
    schedulerDispatcherEventQueueSize: 0,
  };
}

function appActivities(applicationId: string, allocations: readonly AppAllocation[], nowMs: number) {
  const base = { applicationId, timestamp: nowMs, dateTime: javaDate(nowMs) };
  return allocations.length === 0
    ? { applicationId, diagnostic: 'waiting for display', timestamp: nowMs, dateTime: javaDate(nowMs) }
    : { ...base, allocations };
}
