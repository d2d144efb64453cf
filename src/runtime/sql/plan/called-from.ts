// Where in the program a plan was made and an action called, so that an error that comes later shows the program's line. Stacks are taken at each call and
// only made text when something fails. Source: Spark's CurrentOrigin for DataFrames.
import { SparkError } from '../../../common/spark-error.ts';
import { userFrames } from '../../../common/user-frames.ts';

/** Beside a relation and not in it: plans are compared and copied. The API and the analyser are two bundles, so it is no WeakMap. */
const CALLED_FROM = Symbol.for('emberloom.calledFrom');
const OURS = decodeURIComponent(new URL(import.meta.filename.endsWith('.ts') ? '../../../' : './', import.meta.url).pathname);

export const rememberCall = (relation: object): unknown => Object.defineProperty(relation, CALLED_FROM, { value: new Error() });

/** For errors of one relation's own meaning. */
export const withPlaceOf = (error: unknown, relation: object): unknown =>
  withCaller(error, (relation as { [CALLED_FROM]?: Error })[CALLED_FROM]);

/** The program's lines below the error's sentence, instead of the engine's; the first place that is told stays. @param at made when the program called */
export function withCaller(error: unknown, at: Error | undefined): unknown {
  if (at === undefined || !(error instanceof SparkError) || Object.hasOwn(error, CALLED_FROM)) return error;
  const frames = userFrames(at, OURS);
  if (frames === '') return error;
  Object.defineProperty(error, CALLED_FROM, { value: at });
  error.stack = `${error.name}: ${error.message}\n${frames}`;
  return error;
}
