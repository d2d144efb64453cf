// TABLESAMPLE (10 PERCENT), (5 ROWS), (BUCKET 1 OUT OF 4) [REPEATABLE (seed)]. Source: AstBuilder.withSample of Spark 4.2.
import type { Relation } from '../../plan/relations.ts';
import type { Cursor } from '../cursor.ts';

/** Spark's RandomSampler takes this much rounding error beyond 0 and 1. */
const ROUNDING = 1e-6;

/** The relation as it is where no TABLESAMPLE comes next. */
export function sample(p: Cursor, input: Relation): Relation {
  const from = p.at;
  if (p.type() !== 'TABLESAMPLE' || (p.type(1) !== '(' && p.type(2) !== '(')) return input;
  p.at++;
  p.acceptOneOf('BERNOULLI', 'SYSTEM');
  p.expect('(');
  if (p.accept(')')) {
    repeatable(p);
    throw p.error('_LEGACY_ERROR_TEMP_0014', {}, from);
  }
  const method = sampleMethod(p, from);
  p.expect(')');
  const seed = repeatable(p);
  if (method.rows !== undefined) return { kind: 'sampleRows', input, rows: method.rows, origin: p.origin(from) };
  const fraction = method.fraction as number;
  if (method.bytes !== undefined) throw refuseBytes(p, method.bytes, from);
  if (fraction < -ROUNDING || fraction > 1 + ROUNDING)
    throw p.error('_LEGACY_ERROR_TEMP_0064', { msg: `Sampling fraction (${javaDouble(fraction)}) must be on interval [0, 1]` }, from);
  return {
    kind: 'sample',
    input,
    lowerBound: 0,
    upperBound: fraction,
    withReplacement: false,
    ...(seed !== undefined && { seed }),
    origin: p.origin(from),
  };
}

type Method = { readonly fraction?: number; readonly rows?: ReturnType<Cursor['rules']['expression']>; readonly bytes?: string };

function sampleMethod(p: Cursor, from: number): Method {
  const minus = p.type() === '-' ? 1 : 0;
  if ((p.type(minus) === 'integer' || p.type(minus) === 'decimal') && p.type(minus + 1) === 'PERCENT') {
    p.at += minus;
    const percent = Number(p.textOf(p.next()));
    p.at++;
    return { fraction: (minus ? -percent : percent) / 100 };
  }
  if (p.is('BUCKET', 'integer', 'OUT', 'OF')) return bucket(p, from);
  const at = p.at;
  const rows = p.rules.expression(p);
  return p.accept('ROWS') ? { rows } : { fraction: 0, bytes: p.source(at) };
}

function bucket(p: Cursor, from: number): Method {
  p.at++;
  const numerator = Number(p.textOf(p.next()));
  p.at += 2;
  if (p.type() !== 'integer') p.fail();
  const denominator = Number(p.textOf(p.next()));
  if (p.accept('ON')) {
    const isCall = p.tokens[p.at + 1]?.type === '(';
    p.rules.expression(p);
    throw p.error('_LEGACY_ERROR_TEMP_0015', { msg: isCall ? 'BUCKET x OUT OF y ON function' : 'BUCKET x OUT OF y ON colname' }, from);
  }
  return { fraction: numerator / denominator };
}

function refuseBytes(p: Cursor, bytes: string, from: number) {
  if (/^\d+[bkmg]$/i.test(bytes)) return p.error('_LEGACY_ERROR_TEMP_0015', { msg: 'byteLengthLiteral' }, from);
  return p.error('_LEGACY_ERROR_TEMP_0016', { bytesStr: bytes }, from);
}

function repeatable(p: Cursor): bigint | undefined {
  if (!p.accept('REPEATABLE', '(')) return undefined;
  if (p.type() !== 'integer') p.fail();
  const seed = BigInt(p.textOf(p.next()));
  p.expect(')');
  return seed;
}

const javaDouble = (value: number): string => (Number.isInteger(value) ? `${value}.0` : `${value}`);
