// Which collation a function's arguments are brought to: one that was written (COLLATE) wins over a column's, a column's over a constant's.
// Source: CollationTypeCoercion of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import type { Expr } from '../logical/expressions.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import { childrenOfExpr } from '../logical/tree.ts';
import { collationIn, findCollation, INDETERMINATE, isCollated, withCollation } from '../types/collations.ts';
import { type DataType, sameType, UTF8_BINARY } from '../types/data-type.ts';
import { sqlType } from '../types/type-names.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

const COMPARISONS = '== != < <= > >= <=> equal_null nullif between in';
const SEARCHES = 'contains startswith endswith find_in_set instr replace locate position substring_index trim ltrim rtrim btrim translate';
/** All text among their arguments has one collation. */
const ALIGNED = words(
  `${COMPARISONS} ${SEARCHES} array array_join concat greatest least coalesce nvl ifnull if array_contains array_except concat_ws mask
   array_append array_prepend array_insert array_intersect array_position array_remove array_union arrays_overlap to_number try_to_number
   str_to_map levenshtein split_part lag lead regexp_replace lpad rpad overlay elt`,
);
/** They cannot compute without knowing which. */
const DECISIVE = words(`${COMPARISONS} ${SEARCHES} upper ucase lower lcase initcap`);
/** They ask for it when the first row comes. */
const DECISIVE_LATE = words('split_part str_to_map');
/** Not for collations that tell cases apart but not accents. */
const NEEDS_ACCENTS_WITH_CASES = words(`${SEARCHES} split_part str_to_map`);
/** Patterns: for Spark's own collations only. */
const NEEDS_OWN = words(
  'like ilike rlike regexp regexp_like regexp_replace regexp_extract regexp_extract_all regexp_count regexp_instr regexp_substr split',
);
/** What they give has the collation of this argument. */
const CARRY_FIRST = words(
  `upper ucase lower lcase initcap substring substr left right btrim replace translate overlay repeat lpad rpad split split_part
   substring_index mask sentences make_valid_utf8 validate_utf8 try_validate_utf8 regexp_replace regexp_extract regexp_extract_all
   regexp_substr str_to_map format_string printf concat_ws array_join listagg string_agg quote`,
);
const CARRY_LAST = words('trim ltrim rtrim');

const EXPLICIT = 0;
const UNDECIDED = 1;
const IMPLICIT = 2;
const DEFAULT = 3;
type Context = { readonly collation: string; readonly strength: number; readonly isExplicit?: boolean };

function contextOf(e: Expr): Context | undefined {
  const collation = collationIn(e.dataType);
  if (collation === undefined) return undefined;
  switch (e.kind) {
    case 'literal':
      return { collation, strength: DEFAULT };
    case 'cast':
      // One that alignment put there is not the user's: what is inside decides.
      return { collation, strength: collationIn(e.child.dataType) === undefined ? DEFAULT : IMPLICIT };
    case 'call':
    case 'aggregateCall':
    case 'windowCall': {
      if (e.spec.name === 'collate') return { collation, strength: EXPLICIT, isExplicit: true };
      const inside = childrenOfExpr(e).flatMap((c) => contextOf(c) ?? []);
      return inside.length === 0 ? { collation, strength: DEFAULT } : inside.reduce(winner);
    }
    default:
      return { collation, strength: collation === INDETERMINATE ? UNDECIDED : IMPLICIT };
  }
}

/** @throws AnalysisException COLLATION_MISMATCH.EXPLICIT */
function winner(a: Context, b: Context): Context {
  if (a.strength !== b.strength) return a.strength < b.strength ? a : b;
  if (a.collation === b.collation) return a;
  if (a.strength !== EXPLICIT) return { collation: INDETERMINATE, strength: UNDECIDED };
  const explicitTypes = [a, b].map((c) => `"${sqlType({ tag: 'string', collation: c.collation })}"`).join(', ');
  throw new AnalysisException('COLLATION_MISMATCH.EXPLICIT', { explicitTypes });
}

/** Arguments that must agree with each other, by place. */
function groupsOf(name: string, args: readonly Expr[]): readonly (readonly number[])[] {
  const all = args.map((_, i) => i);
  if (name === 'when') return [all.filter((i) => i % 2 === 1 || (i === args.length - 1 && args.length % 2 === 1))];
  if (name === 'map') return [all.filter((i) => i % 2 === 0), all.filter((i) => i % 2 === 1)];
  if (name === 'nvl2') return [[1, 2]];
  return ALIGNED.has(name) ? [all] : [];
}

/** @param sql the call as Spark prints it. @throws AnalysisException INDETERMINATE_COLLATION_IN_EXPRESSION and others */
export function alignCollations(name: string, args: readonly Expr[], sql: () => string): readonly Expr[] {
  if (!args.some((a) => isCollated(a.dataType))) return args;
  const out = [...args];
  for (const group of groupsOf(name, args)) {
    const texts = group.filter((i) => collationIn(args[i]!.dataType) !== undefined);
    if (!texts.some((i) => isCollated(args[i]!.dataType))) continue;
    const { collation, isExplicit } = texts.flatMap((i) => contextOf(args[i]!) ?? []).reduce(winner);
    for (const i of texts) out[i] = retyped(args[i]!, withCollation(args[i]!.dataType, collation, isExplicit), name === 'btrim');
  }
  if (out.some((a) => collationIn(a.dataType) === INDETERMINATE)) {
    if (DECISIVE.has(name)) throw new AnalysisException('INDETERMINATE_COLLATION_IN_EXPRESSION', { expr: `"${sql()}"` }, args[0]?.origin);
    if (DECISIVE_LATE.has(name)) throw new AnalysisException('INDETERMINATE_COLLATION', {}, args[0]?.origin);
  }
  out.forEach((a, i) => checkCollation(name, a, i, sql));
  return out;
}

/** @param keepsName a constant is printed as it was written */
function retyped(e: Expr, dataType: DataType, keepsName: boolean): Expr {
  if (sameType(e.dataType, dataType)) return e;
  if (e.kind === 'literal' && !keepsName) return { ...e, dataType };
  return { kind: 'cast', child: e, dataType, nullable: e.nullable, mode: 'ansi', origin: e.origin };
}

const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth'];
function checkCollation(name: string, arg: Expr, index: number, sql: () => string): void {
  const collation = findCollation(collationIn(arg.dataType) ?? UTF8_BINARY);
  if (collation?.locale === undefined) return;
  const isBad = NEEDS_OWN.has(name) || (NEEDS_ACCENTS_WITH_CASES.has(name) && collation.isCaseSensitive && !collation.isAccentSensitive);
  if (!isBad) return;
  throw new AnalysisException(
    'DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE',
    {
      sqlExpr: `"${sql()}"`,
      paramIndex: ORDINALS[index] ?? `${index + 1}th`,
      requiredType: '"STRING"',
      inputSql: `"${prettySql(arg)}"`,
      inputType: `"${sqlType(arg.dataType)}"`,
    },
    arg.origin,
  );
}

/** The type of what a function gives, with the collation that it takes from its arguments. */
export function carriedCollation(name: string, args: readonly Expr[], result: DataType): DataType {
  const from = CARRY_FIRST.has(name) ? args[0] : CARRY_LAST.has(name) ? args.at(-1) : name === 'elt' ? args[1] : undefined;
  if (from?.dataType.tag === 'string' && from.dataType.isExplicit) return withCollation(result, UTF8_BINARY, true);
  const collation = from && collationIn(from.dataType);
  return collation === undefined || collation === UTF8_BINARY ? result : withCollation(result, collation);
}
