// JSON → VARIANT: parse_json. Source: VariantBuilder.parseJson of Spark 4.2.
import { AnalysisException } from '../../errors/spark-error.ts';
import { decimalOfDigits, unscaledOf } from '../js-numbers.ts';
import { isObject, type Json, JsonNumber, parseJson } from '../json-text.ts';
import { type Variant, variantObject, type VariantScalar } from './variant.ts';

const MOST_DECIMAL_DIGITS = 38;
const repeatedKey = (key: string): never => {
  throw new AnalysisException('VARIANT_DUPLICATE_KEY', { key });
};

/** @returns undefined: it is no JSON. @throws AnalysisException VARIANT_DUPLICATE_KEY */
export function variantOfJson(text: string): Variant | undefined {
  if (!isStrictJson(text)) return undefined;
  const json = parseJson(text);
  return json === undefined ? undefined : variantOf(json);
}

function isStrictJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

export function variantOf(json: Json): Variant {
  if (json === null || typeof json === 'boolean' || typeof json === 'string') return json;
  if (json instanceof JsonNumber) return numberOf(json);
  if (isObject(json))
    return variantObject(
      json.entries.map(([key, value]) => [key, variantOf(value)] as const),
      repeatedKey,
    );
  return json.map(variantOf);
}

/** BIGINT where it fits, DECIMAL without an exponent, else DOUBLE. */
function numberOf({ text, isWhole }: JsonNumber): Variant {
  if (isWhole && BigInt.asIntN(64, BigInt(text)) === BigInt(text)) return { tag: 'long', value: BigInt(text) };
  const digits = text.replace(/^-?(?:0(?=[\d.]))?/, '').replace('.', '');
  if (/^-?\d+(?:\.\d+)?$/.test(text) && digits.length <= MOST_DECIMAL_DIGITS) return decimalScalar(text);
  return { tag: 'double', value: Number(text) };
}

/** Without zeros at its end. @param text without exponent */
export function decimalScalar(text: string): VariantScalar {
  let { digits, scale } = unscaledOf(text);
  for (; scale > 0 && digits % 10n === 0n; scale--) digits /= 10n;
  return { tag: 'decimal', value: decimalOfDigits(digits, scale) };
}
