// An expression as Spark prints it: names of result columns without an alias, and expressions in messages.
// Source: toPrettySQL and Expression.sql of Spark 4.2.
import { sqlType } from '../types/type-names.ts';
import { calendarText, dateText, dayTimeText, doubleText, floatText, localTimestampText, yearMonthText } from '../types/value-text.ts';
import type { CalendarInterval, Expr, Literal } from './expressions.ts';

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
        : `${e.mode === 'try' ? 'TRY_' : ''}CAST(${prettySql(e.child)} AS ${sqlType(e.dataType)})`;
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

/** With an exponent where BigDecimal.toString has one: more than six zeros after the point. */
function decimalName(text: string): string {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  const digits = (whole + fraction).replace(/^0+(?=\d)/, '');
  const exponent = digits.length - 1 - fraction.length;
  if (fraction === '' || exponent >= -6) return text;
  return `${sign}${digits[0]}${digits.length > 1 ? `.${digits.slice(1)}` : ''}E${exponent}`;
}

function literalSql({ value, dataType, shown }: Literal): string {
  if (value === null) return 'NULL';
  if (shown !== undefined) return shown;
  switch (dataType.tag) {
    case 'double':
      return doubleText(value as number);
    case 'float':
      return floatText(value as number);
    case 'decimal':
      return decimalName(value as string);
    case 'date':
      return `DATE '${dateText(value as number)}'`;
    case 'timestamp_ntz':
      return `TIMESTAMP_NTZ '${localTimestampText(value as bigint)}'`;
    case 'dayTimeInterval':
      return dayTimeText(value as bigint, dataType);
    case 'yearMonthInterval':
      return yearMonthText(value as number, dataType);
    case 'calendarInterval':
      return `INTERVAL '${calendarText(value as CalendarInterval)}'`;
    case 'binary':
      return `X'${Buffer.from(value as Uint8Array)
        .toString('hex')
        .toUpperCase()}'`;
  }
  return String(value);
}
