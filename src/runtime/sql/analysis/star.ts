// `*`, `t.*`, `s.*` of a struct, and `* EXCEPT (…)`. Source: UnresolvedStar.expand of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import { aliasOf, type NamedExpr } from '../logical/expressions.ts';
import type { UnresolvedStar } from '../plan/expressions.ts';
import { fieldOf, quoted, resolveName, type Scope } from './scope.ts';

export function expandStar(star: UnresolvedStar, scope: Scope): readonly NamedExpr[] {
  const target = star.unparsedTarget;
  if (star.exceptColumns !== undefined) throw new AnalysisException('NOT_BUILT', { feature: '* EXCEPT' }, star.origin);
  if (target === undefined || target.length === 0) return scope.attributes;
  const of = scope.attributes.filter((a) => {
    const from = a.qualifier.length - target.length;
    return from >= 0 && target.every((part, i) => part.toLowerCase() === a.qualifier[from + i]!.toLowerCase());
  });
  if (of.length > 0) return of;
  const struct = resolveName(target, scope, star.origin);
  if (struct?.dataType.tag === 'struct') return struct.dataType.fields.map((f) => aliasOf(fieldOf(struct, f.name, star.origin), f.name));
  throw new AnalysisException(
    'CANNOT_RESOLVE_STAR_EXPAND',
    {
      targetString: quoted(target),
      columns: scope.attributes.map((a) => quoted([a.name])).join(', '),
    },
    star.origin,
  );
}
