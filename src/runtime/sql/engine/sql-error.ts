// What fails while a query runs, as the user sees it: Spark's condition and sentence (kernel-errors.ts) with the piece of the text that failed below it.
import type { KernelValue } from '../../../common/sql-kernel.ts';
import { SparkRuntimeException } from '../errors/spark-error.ts';
import type { SessionSettings } from '../functions/spec.ts';
import { aliasOf, type Expr } from '../logical/expressions.ts';
import type { LogicalPlan } from '../logical/plans.ts';
import { placeOf } from './failed-expression.ts';
import { asSqlError } from './kernel-errors.ts';

/** @param rowsOf computes a plan in this process */
export async function sqlErrorOf(
  error: Error,
  plan: LogicalPlan,
  settings: SessionSettings,
  rowsOf: (plan: LogicalPlan) => Promise<readonly (readonly KernelValue[])[]>,
): Promise<Error> {
  const told = asSqlError(error);
  if (told === error || !(told instanceof SparkRuntimeException)) return told;
  const fails = async (expr: Expr): Promise<boolean> => {
    try {
      await rowsOf({ kind: 'project', child: { kind: 'oneRow' }, projectList: [aliasOf(expr, '')] });
      return false;
    } catch (again) {
      return asSqlError(again as Error).message === told.message;
    }
  };
  // What is tried may fail in its own way.
  const row = async (of: LogicalPlan) => (await rowsOf(of).catch(() => []))[0] ?? [];
  const origin = await placeOf(told, plan, { settings, fails, row });
  if (origin === undefined) return told;
  const placed = new SparkRuntimeException(told.condition, told.messageParameters, origin, told.message);
  placed.cause = told.cause;
  return placed;
}
