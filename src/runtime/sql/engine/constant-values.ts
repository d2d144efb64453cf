// Values of constant expressions that an analysis asks for: 1 + 1 as an argument of a table function's `analyze`. The kernel computes them, so the analysis
// ends when it first asks and begins again when they are there.
import type { KernelValue } from '../../../common/sql-kernel.ts';
import { aliasOf, type Expr } from '../logical/expressions.ts';
import { exprKey } from '../logical/expr-key.ts';
import type { LogicalPlan } from '../logical/plans.ts';
import { PendingSource } from './pending-source.ts';

/** Of one analysis. */
export class ConstantValues {
  readonly #known = new Map<string, readonly KernelValue[]>();
  readonly #rowsOf: (plan: LogicalPlan) => Promise<KernelValue[][]>;

  constructor(rowsOf: (plan: LogicalPlan) => Promise<KernelValue[][]>) {
    this.#rowsOf = rowsOf;
  }

  /** @throws PendingSource the first time */
  readonly of = (exprs: readonly Expr[]): readonly KernelValue[] => {
    const key = exprs.map(exprKey).join('\n');
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    throw new PendingSource(this.#compute(key, exprs));
  };

  async #compute(key: string, exprs: readonly Expr[]): Promise<void> {
    const projectList = exprs.map((e, i) => aliasOf(e, `_${i}`));
    const [row] = exprs.length === 0 ? [[]] : await this.#rowsOf({ kind: 'project', child: { kind: 'oneRow' }, projectList });
    this.#known.set(key, row!);
  }
}
