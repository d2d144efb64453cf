// Operating errors of the operator's commands: emberloom run, yarn logs and rmadmin. Part of error-registry.ts.
import type { ErrorKind } from './errors.ts';

const error = <P>(kind: ErrorKind<P>): ErrorKind<P> => kind;

export const CLI_ERRORS = {
  RUN_USAGE: error<{ reason: string }>({ exit: 2, say: (p) => p.reason, hint: '`emberloom run --help` has all options and examples.' }),
};
