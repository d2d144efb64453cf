// LATERAL VIEW and generators in select lists → a lateral join with the generator's rows. What each generator gives is the registry's.
import { type Generate, outputOf } from '../logical/plans.ts';
import { columnName, type Emit } from './emit-context.ts';

export function generateText(plan: Generate, emit: Emit): string {
  const names = plan.generatorOutput.map((a) => columnName(a.exprId));
  const rows = plan.generator.spec.kernel(emit.all(plan.generator.args), plan.generator, names, emit);
  const [child, alias] = [emit.nextAlias(), emit.nextAlias()];
  const all = outputOf(plan)
    .map((a) => columnName(a.exprId))
    .join(', ');
  return `SELECT ${all} FROM (${emit.plan(plan.child)}) ${child} ${plan.isOuter ? 'LEFT' : 'INNER'} JOIN LATERAL (${rows}) ${alias}(${names.join(', ')}) ON true`;
}
