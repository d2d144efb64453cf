// Operating errors of the scheduler: node labels, changes of the queues. Part of ERRORS (error-registry.ts).
import type { ErrorKind } from './errors.ts';

const error = <P = Record<never, never>>(kind: ErrorKind<P>): ErrorKind<P> => kind;

export const SCHEDULER_ERRORS = {
  LABEL_INVALID: error<{ label: string; reason: string }>({
    exit: 255,
    say: (p) => `Node label ${p.label}: ${p.reason}`,
    hint: 'yarn cluster --list-node-labels shows the labels of the cluster. Nothing was changed.',
  }),
  LABEL_REFUSED: error<{ what: string; reason: string }>({
    exit: 1,
    say: (p) => `${p.what} was refused: ${p.reason}`,
  }),
};
