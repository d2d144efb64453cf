// Formats of to_char and to_number: `$99,999.00`, `S000D9`, `999PR`. Reading a format, numbers as text by it, and text as numbers.
// Source: ToNumberParser of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import { decimalType, type DecimalType } from '../types/data-type.ts';

type Shape = {
  /** In order: 0 and 9 are digits, `,` separates thousands. */
  readonly whole: string;
  readonly fraction: string;
  readonly currency: boolean;
  readonly leading: string;
  readonly trailing: string;
  readonly hasPoint: boolean;
};
const FORM = /^(MI|S)?(\$)?([09,G]*)(?:([.D])([09]*))?(\$)?(PR|MI|S)?$/;

function shapeOf(format: string): Shape | undefined {
  const match = FORM.exec(format.toUpperCase());
  if (match === null) return undefined;
  const [, leading = '', before, whole = '', point, fraction = '', after, trailing = ''] = match;
  return {
    whole: whole.replaceAll('G', ','),
    fraction,
    currency: (before ?? after) !== undefined,
    leading,
    trailing,
    hasPoint: point !== undefined,
  };
}

export function checkNumberFormat(format: string): { condition: string; parameters: Record<string, string> } | undefined {
  const shown = { format: `'${format.toUpperCase()}'` };
  if (format === '') return { condition: 'INVALID_FORMAT.EMPTY', parameters: shown };
  if (!/[09]/.test(format)) return { condition: 'INVALID_FORMAT.WRONG_NUM_DIGIT', parameters: shown };
  const shape = shapeOf(format);
  if (shape === undefined) {
    const bad = /[^09,G.DSMIPR$]/i.exec(format)?.[0];
    return {
      condition: 'INVALID_FORMAT.UNEXPECTED_TOKEN',
      parameters: { ...shown, token: `character '${(bad ?? format[0]!).toUpperCase()}'` },
    };
  }
  if (/^,|,,|,$/.test(shape.whole)) return { condition: 'INVALID_FORMAT.CONT_THOUSANDS_SEPS', parameters: shown };
  return undefined;
}

const digitsIn = (text: string): number => text.replace(/[^09]/g, '').length;

export function typeOfNumberFormat(format: string): DecimalType {
  const { whole, fraction } = shapeOf(format)!;
  return decimalType(digitsIn(whole) + fraction.length, fraction.length);
}

/** @param value decimal text without exponent */
export function numberToChar(value: string, format: string): string {
  const shape = shapeOf(format)!;
  const negative = value.startsWith('-') && /[1-9]/.test(value);
  const [digits = '', decimals = ''] = value.replace('-', '').split('.');
  // Before a point stands one digit at least.
  const significant = digits.replace(shape.hasPoint ? /^0+(?=\d)/ : /^0+/, '');
  const places = digitsIn(shape.whole);
  const overflows = significant.length > places || decimals.replace(/0+$/, '').length > shape.fraction.length;
  const source = overflows ? '' : significant.padStart(places, ' ');
  let at = 0;
  let text = '';
  let begun = false;
  for (const c of shape.whole) {
    if (c === ',') {
      text += overflows ? ',' : begun ? ',' : ' ';
      continue;
    }
    if (overflows) {
      text += '#';
      continue;
    }
    const digit = source[at++]!;
    if (digit !== ' ') begun = true;
    if (digit === ' ' && c === '0') begun = true;
    // A format that begins with 0 shows zeros, one that begins with 9 spaces.
    text += digit === ' ' ? (begun || shape.whole.startsWith('0') ? '0' : ' ') : digit;
  }
  if (shape.hasPoint)
    text += `.${overflows ? '#'.repeat(shape.fraction.length) : decimals.padEnd(shape.fraction.length, '0').slice(0, shape.fraction.length)}`;
  if (shape.currency) text = text.replace(/^( *)/, '$1$$');
  if (shape.leading !== '') text = withSign(text, negative ? '-' : shape.leading === 'S' ? '+' : ' ');
  if (shape.trailing === 'S') text += negative ? '-' : '+';
  if (shape.trailing === 'MI') text += negative ? '-' : ' ';
  if (shape.trailing === 'PR') text = negative ? `${withSign(text, '<')}>` : `${text}  `;
  return text;
}

/** Before the first character that is no space. */
const withSign = (text: string, sign: string): string => text.replace(/^( *)/, (_, spaces: string) => `${spaces}${sign}`);

/** @returns decimal text; undefined when the input has another form */
export function charToNumber(input: string, format: string): string | undefined {
  const shape = shapeOf(format)!;
  const whole = [...shape.whole].map((c) => (c === ',' ? ',?' : '\\d?')).join('');
  const sign = (which: string): string => (which === 'S' ? '([+-]?)' : which === 'MI' ? '(-?)' : '()');
  const core = `${shape.currency ? '\\$' : ''}(${whole})(?:\\.(\\d{0,${shape.fraction.length}}))?`;
  const form =
    shape.trailing === 'PR' ? new RegExp(`^()(<)?${core}(>)?$`) : new RegExp(`^${sign(shape.leading)}()${core}${sign(shape.trailing)}$`);
  const match = form.exec(input.replaceAll(' ', ''));
  if (match === null) return undefined;
  const [, before, open, digits = '', decimals = '', after = ''] = match;
  if (shape.trailing === 'PR' && (open === '<') !== (after === '>')) return undefined;
  const number = digits.replaceAll(',', '');
  if (number === '' && decimals === '') return undefined;
  const groups = (s: string): string =>
    s
      .split(',')
      .slice(1)
      .map((g) => g.length)
      .join();
  if (digits.includes(',') && !groups(shape.whole).endsWith(groups(digits))) return undefined;
  const negative = before === '-' || after === '-' || open === '<';
  const padded = shape.fraction.length === 0 ? number || '0' : `${number || '0'}.${decimals.padEnd(shape.fraction.length, '0')}`;
  return negative ? `-${padded}` : padded;
}

export function mismatchedInput(input: string, format: string): AnalysisException {
  return new AnalysisException('INVALID_FORMAT.MISMATCH_INPUT', { inputType: '"STRING"', input, format });
}
