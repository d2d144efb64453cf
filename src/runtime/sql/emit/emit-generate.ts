// LATERAL VIEW and generators in select lists → a lateral join with the generator's rows. What each generator gives is the registry's.
import { quoteText } from '../../../common/kernel-quotes.ts';
import { type Generate, outputOf } from '../logical/plans.ts';
import { columnName, type Emit } from './emit-context.ts';

export function generateText(plan: Generate, emit: Emit): string {
  const { spec, args } = plan.generator;
  if ('list' in spec) return listText(plan, spec.list(emit.all(args), plan.generator, emit), emit);
  const names = plan.generatorOutput.map((a) => columnName(a.exprId));
  const rows = spec.kernel(emit.all(args), plan.generator, names, emit);
  const [child, alias] = [emit.nextAlias(), emit.nextAlias()];
  const all = outputOf(plan)
    .map((a) => columnName(a.exprId))
    .join(', ');
  return `SELECT ${all} FROM (${emit.plan(plan.child)}) ${child} ${plan.isOuter ? 'LEFT' : 'INNER'} JOIN LATERAL (${rows}) ${alias}(${names.join(', ')}) ON true`;
}

/** Projections only: a join would make the calls once for each different value, in any order. */
function listText(plan: Generate, list: string, emit: Emit): string {
  const own = plan.generator.spec
    .elements(plan.generator.args)
    .map((f, i) => `struct_extract(s, ${quoteText(f.name)}) AS ${columnName(plan.generatorOutput[i]!.exprId)}`);
  const rows = plan.isOuter ? 'CASE WHEN coalesce(len(l), 0) = 0 THEN [NULL] ELSE l END' : 'l';
  const lists = `SELECT *, ${list} AS l FROM (${emit.plan(plan.child)}) ${emit.nextAlias()}`;
  const columns = [...outputOf(plan.child).map((a) => columnName(a.exprId)), ...own];
  return `SELECT ${columns.join(', ')} FROM (SELECT *, unnest(${rows}) AS s FROM (${lists}) ${emit.nextAlias()}) ${emit.nextAlias()}`;
}
