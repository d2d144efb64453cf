// Operating errors of who may do what and how much; part of error-registry.ts.
import type { ErrorKind } from './errors.ts';

const error = <P = Record<never, never>>(kind: ErrorKind<P>): ErrorKind<P> => kind;

export const SECURITY_ERRORS = {
  ACCESS_DENIED: error<{ user: string; operation: string; target: string; grants: readonly string[] }>({
    exit: 1,
    say: (p) => `User ${p.user} cannot perform operation ${p.operation} on ${p.target}.`,
    hint: (p) =>
      p.operation === 'WRITE'
        ? `Whom HTTP does not know may look and not touch: send ${p.grants.join('; ')}.`
        : `One of these would have to name ${p.user} or one of his groups: ${p.grants.join('; ')}.`,
  }),
  IMPERSONATION_DENIED: error<{ user: string; other: string; reason: string }>({
    exit: 1,
    say: (p) => `User: ${p.user} is not allowed to impersonate ${p.other}: ${p.reason}`,
    hint: (p) =>
      `hadoop.proxyuser.${p.user}.users (or .groups) together with hadoop.proxyuser.${p.user}.hosts in conf/emberloom.yaml of the ResourceManager allows it.`,
  }),
  TOO_MANY: error<{ what: string; limit: number; setting: string }>({
    exit: 75,
    say: (p) => `There are too many ${p.what} (limit ${p.limit}).`,
    hint: (p) => `Try again later; ${p.setting} is the limit.`,
  }),
  RUN_AS_IMPOSSIBLE: error<{ reason: string }>({
    exit: 78,
    say: (p) => `Containers can't run as their users: ${p.reason}.`,
    hint: 'Start the NodeManager as root, or set yarn.nodemanager.container-executor.class: DefaultContainerExecutor.',
  }),
  RUN_AS_REFUSED: error<{ user: string; reason: string }>({
    exit: 1,
    say: (p) => `This node runs no containers of ${p.user}: ${p.reason}.`,
    hint: 'min.user.id, banned.users and allowed.system.users in conf/emberloom.yaml of the node say who may.',
  }),
  SECRET_STEP: error<{ step: string; reason: string }>({
    exit: 1,
    say: (p) => `The cluster's secret: ${p.step} is not possible now: ${p.reason}.`,
    hint: 'bin/rotate-secret.sh takes all hosts through stage, switch and finish, in this order.',
  }),
  USER_INVALID: error<{ user: string; reason: string }>({ exit: 64, say: (p) => `${JSON.stringify(p.user)}: ${p.reason}` }),
};
