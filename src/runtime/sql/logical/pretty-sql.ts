// An expression as Spark prints it: names of result columns without an alias, and expressions in messages.
// Source: toPrettySQL and Expression.sql of Spark 4.2.
import { sqlType } from '../types/type-names.ts';
import type { Expr, Literal } from './expressions.ts';

export function prettySql(e: Expr): string {
  switch (e.kind) {
    case 'attribute':
      return e.name;
    case 'outer':
      return `outer(${prettySql(e.attribute)})`;
    case 'lambdaVariable':
      return `namedlambdavariable()`;
    case 'literal':
      return literalSql(e);
    case 'alias':
      return e.name;
    case 'cast':
      return e.origin === undefined || e.origin === e.child.origin
        ? prettySql(e.child)
        : `CAST(${prettySql(e.child)} AS ${sqlType(e.dataType)})`;
    case 'call':
    case 'aggregateCall':
    case 'windowCall':
    case 'generator': {
      const args = e.args.map(prettySql);
      if (e.spec.resultName !== undefined) return e.spec.resultName(args, e.args);
      return `${e.spec.name}(${e.kind === 'aggregateCall' && e.isDistinct ? 'DISTINCT ' : ''}${args.join(', ')})`;
    }
    case 'udf':
      return `${e.name}(${e.args.map(prettySql).join(', ')})`;
    case 'getField':
      return `${prettySql(e.child)}.${e.name}`;
    case 'lambda':
      return `lambdafunction(${[e.body, ...e.args].map(prettySql).join(', ')})`;
    case 'window':
      return `${prettySql(e.function)} OVER ()`;
    case 'scalarSubquery':
      return 'scalarsubquery()';
    case 'exists':
      return 'exists()';
    case 'inSubquery':
      return `(${e.values.map(prettySql).join(', ')} IN (listquery()))`;
  }
}

function literalSql({ value, dataType }: Literal): string {
  if (value === null) return 'NULL';
  if (dataType.tag === 'boolean' || dataType.tag === 'string') return String(value);
  return String(value);
}
