// What the routes of the ResourceManager share: finding what a path names, and whether whoever asks may see it. Source of the words: YARN's RMWebServices.
import type { FastifyRequest } from 'fastify';
import { AppError } from '../../common/errors.ts';
import { type ApplicationId, type AttemptId, isApplicationId, isAttemptId } from '../../common/ids.ts';
import { badRequest, notFound } from '../../web/web-error.ts';
import type { Application, Attempt } from '../core/entities.ts';
import { rightsOf } from '../service/access.ts';
import type { RmHttpParts } from './rm-app.ts';

export const RM_WEB = 'RMWebServices';
export const paramOf = (request: FastifyRequest, name: string): string => (request.params as Record<string, string>)[name] ?? '';

/** @throws WebError 400 */
export function applicationIdOf(text: string): ApplicationId {
  if (isApplicationId(text)) return text;
  if (!text.startsWith('application_'))
    throw badRequest(`Invalid ApplicationId prefix: ${text}. The valid ApplicationId should start with prefix application`);
  throw badRequest(`Invalid ApplicationId: ${text}`);
}

/** @throws WebError 400, 404 */
export function applicationNamed({ loop }: RmHttpParts, text: string): Application {
  const application = loop.core.cluster.applications.get(applicationIdOf(text));
  if (application === undefined) throw notFound(`app with id: ${text} not found`);
  return application;
}

/** One that he may view. @throws WebError 400, 404 @throws AppError ACCESS_DENIED */
export async function viewable(parts: RmHttpParts, request: FastifyRequest, operation: string): Promise<Application> {
  const application = applicationNamed(parts, paramOf(request, 'appId'));
  const about = { operation, target: RM_WEB, applicationId: application.id };
  await parts.access.may(request.webUser, { tag: 'view', application: rightsOf(application) }, about);
  return application;
}

/** @throws WebError 400 @throws AppError ATTEMPT_UNKNOWN */
export function attemptNamed(application: Application, text: string): Attempt {
  if (!isAttemptId(text)) {
    const wrong = text.startsWith('appattempt_');
    throw badRequest(
      wrong
        ? `Invalid AppAttemptId: ${text}`
        : `Invalid AppAttemptId prefix: ${text}. The valid ApplicationAttemptId should start with prefix appattempt`,
    );
  }
  const attempt = application.attempts.find(({ id }) => id === text);
  if (attempt === undefined) throw new AppError('ATTEMPT_UNKNOWN', { attemptId: text as AttemptId });
  return attempt;
}
