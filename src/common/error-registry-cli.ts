// Operating errors of the operator's commands: emberloom run, yarn logs and rmadmin. Part of error-registry.ts.
import type { ErrorKind } from './errors.ts';

const error = <P>(kind: ErrorKind<P>): ErrorKind<P> => kind;

export const CLI_ERRORS = {
  RUN_USAGE: error<{ reason: string }>({ exit: 2, say: (p) => p.reason, hint: '`emberloom run --help` has all options and examples.' }),
  NODES_FILE_UNREADABLE: error<{ file: string; detail: string }>({
    exit: 78,
    say: (p) => `The list of nodes ${p.file} can't be read: ${p.detail}.`,
    hint: 'yarn.resourcemanager.nodes.include-path and exclude-path name these files; the lists stay as they were.',
  }),
};
