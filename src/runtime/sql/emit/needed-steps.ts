// What JavaScript computes before a text, which reads what it left (../udf/steps.ts): as the emitter says it, and as it runs beside its bodies.
import { userCall, type UserFunction } from '../plan/user-function.ts';
import type { DataType } from '../types/data-type.ts';
import type { AsyncStep } from '../udf/async.ts';
import type { GroupStep } from '../udf/groups.ts';
import type { Step } from '../udf/steps.ts';

type Needed<S extends Step> = Omit<S, 'calls'> & {
  readonly calls: readonly (Omit<S['calls'][number], 'call' | 'body'> & {
    readonly user: UserFunction;
    readonly types: readonly DataType[];
  })[];
};
export type NeededStep = Needed<AsyncStep> | Needed<GroupStep>;

/** Steps as they run, and the bodies that they call. */
export function stepsWithBodies(needed: readonly NeededStep[], bodies: unknown[] = []): { steps: readonly Step[]; bodies: unknown[] } {
  const made = needed.map(({ calls, ...step }) => ({
    ...step,
    calls: calls.map(({ user, types, ...call }) => ({ ...call, call: userCall(user, types), body: bodies.push(user.body) - 1 })),
  }));
  return { steps: made, bodies };
}
