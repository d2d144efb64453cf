// POST apps/new-application and apps. Refused at once where YARN answers 202 and fails the application later: ids that were not handed out, unknown
// queues, files that are not there. Source: YARN's RMWebServices.submitApplication.
import { randomBytes } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { sep } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { answer } from '../../web/answer.ts';
import { webScheme } from '../../web/web-scheme.ts';
import { badRequest, forbidden } from '../../web/web-error.ts';
import { maximumAllocation } from '../service/client-service.ts';
import { RM_WEB } from './asking.ts';
import { resourceInfo } from './resource-info.ts';
import type { RmHttpParts } from './rm-app.ts';
import { type SizeOf, submissionOf } from './submission-context.ts';

const APPS = '/ws/v1/cluster/apps';

export function submitRoutes(app: FastifyInstance, parts: RmHttpParts): void {
  const { loop, access, hostPort } = parts;
  const { cluster } = loop.core;
  app.post(`${APPS}/new-application`, async (request, reply) => {
    if (request.webUser.readOnly) throw forbidden('Submissions need a user who has proved who he is.');
    return answer(request, reply, {
      'application-id': await loop.newApplicationId(),
      'maximum-resource-capability': resourceInfo(maximumAllocation(cluster)),
    });
  });
  app.post(APPS, async (request, reply) => {
    const who = request.webUser;
    if (who.readOnly) throw forbidden('Submissions need a user who has proved who he is.');
    const { id, submission } = await submissionOf(request.body, who.user, maximumAllocation(cluster), sizesOutside(parts.dataDir));
    const about = { operation: 'Submit Application Request', target: RM_WEB, applicationId: id, queue: submission.queue };
    await access.noted(who, about, async () => {
      const caller = await access.caller(who.user);
      const groups = cluster.policies.placement.rules.length > 0 ? await access.groupsOf(who.user) : [];
      const secret = randomBytes(32).toString('hex');
      await loop.handle({ tag: 'applicationSubmitted', id, submission, secret, groups, caller });
    });
    return reply
      .code(202)
      .header('location', `${webScheme(parts.settings)}://${hostPort}${APPS}/${id}`)
      .send();
  });
}

/** The NodeManagers read what they are told to: nothing of the cluster's own folder (its secret, its state) is given out for a path in a request. */
function sizesOutside(dataDir: string): SizeOf {
  return async (path, name) => {
    const missing = () => badRequest(`local-resources: ${name}: ${path} is no file that this ResourceManager can read.`);
    const [real, own] = await Promise.all([
      realpath(path).catch(() => {
        throw missing();
      }),
      realpath(dataDir),
    ]);
    if (real === own || real.startsWith(own + sep)) throw forbidden(`local-resources: ${name}: ${path} is the cluster's own.`);
    const found = await stat(real).catch(() => {
      throw missing();
    });
    if (!found.isFile()) throw missing();
    return found.size;
  };
}
