// Operating errors of what is asked over HTTP; part of error-registry.ts.
import type { ErrorKind } from './errors.ts';

const error = <P = Record<never, never>>(kind: ErrorKind<P>): ErrorKind<P> => kind;

export const WEB_ERRORS = {
  NODE_RESIZE_REFUSED: error<{ nodeId: string; wanted: string; used: string }>({
    exit: 1,
    say: (p) => `The node ${p.nodeId} can't be resized to ${p.wanted}: its containers hold ${p.used}.`,
    hint: 'Decommission it gracefully first, or wait until its containers have ended.',
  }),
  NODE_NOT_LEAVING: error<{ nodeId: string; state: string }>({
    exit: 1,
    say: (p) => `The node ${p.nodeId} is ${p.state}: only one that is DECOMMISSIONING can be kept.`,
    hint: 'If it is out, start its NodeManager again; if a list of nodes excludes it, change the list first.',
  }),
};
