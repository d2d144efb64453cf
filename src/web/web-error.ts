// How a request is refused: YARN's RemoteException with its Java class names, as its clients look for them. Source: Hadoop's GenericExceptionHandler.
import { AppError } from '../common/errors.ts';

const YARN = 'org.apache.hadoop.yarn.webapp';

export class WebError extends Error {
  readonly status: number;
  readonly javaClass: string;

  constructor(status: number, javaClass: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.status = status;
    this.javaClass = javaClass;
  }
}

export const notFound = (message: string): WebError => new WebError(404, `${YARN}.NotFoundException`, message);
export const badRequest = (message: string): WebError => new WebError(400, `${YARN}.BadRequestException`, message);
export const forbidden = (message: string): WebError => new WebError(403, `${YARN}.ForbiddenException`, message);
export const conflict = (message: string): WebError => new WebError(409, `${YARN}.ConflictException`, message);
/** What no route has: Jersey's own class. */
export const noRoute = (): WebError => new WebError(404, 'javax.ws.rs.NotFoundException', 'HTTP 404 Not Found');

/** Operating errors that have a status of their own; the others are 400: the request asked for what can't be. */
const STATUS: { readonly [code: string]: number | undefined } = {
  APPLICATION_UNKNOWN: 404,
  ATTEMPT_UNKNOWN: 404,
  CONTAINER_UNKNOWN: 404,
  NODE_UNKNOWN: 404,
  ACCESS_DENIED: 403,
  IMPERSONATION_DENIED: 403,
  TOO_MANY: 503,
  LOG_NOT_FOUND: 404,
  RM_STANDBY: 503,
  STORE_UNWRITABLE: 503,
  CONNECTION_LOST: 503,
  CONNECT_FAILED: 503,
  RPC_TIMEOUT: 503,
  INTERNAL: 500,
};

/** Anything that was thrown, as an answer. A defect of ours says no more than its message. */
export function webErrorOf(error: unknown): WebError {
  if (error instanceof WebError) return error;
  if (error instanceof AppError) {
    const status = STATUS[error.code] ?? 400;
    const message = error.hint === undefined ? error.message : `${error.message} ${error.hint}`;
    if (status === 403) return new WebError(403, `${YARN}.ForbiddenException`, message, { cause: error });
    if (status === 404) return new WebError(404, `${YARN}.NotFoundException`, message, { cause: error });
    if (status === 400) return new WebError(400, 'org.apache.hadoop.yarn.exceptions.YarnException', message, { cause: error });
    return new WebError(status, 'org.apache.hadoop.yarn.exceptions.YarnException', message, { cause: error });
  }
  const { statusCode, message } = error as { statusCode?: number; message?: string };
  if (statusCode !== undefined && statusCode < 500)
    return new WebError(statusCode, `${YARN}.BadRequestException`, message ?? 'Bad request');
  return new WebError(500, 'javax.ws.rs.InternalServerErrorException', message ?? String(error));
}

export const remoteException = ({ javaClass, message }: WebError) => ({
  RemoteException: { exception: javaClass.slice(javaClass.lastIndexOf('.') + 1), message, javaClassName: javaClass },
});
