// The topics of JavaScript functions that scalar functions of ../functions/ need, for js-functions.ts.
import { JS_BITMAPS } from './js-bitmaps.ts';
import { JS_CASTS } from './js-casts.ts';
import { JS_COLLATIONS } from './js-collations.ts';
import { JS_CRYPTO } from './js-crypto.ts';
import { JS_DECIMALS } from './js-decimals.ts';
import { JS_FORMATS } from './js-formats.ts';
import type { JsFunction } from './js-function.ts';
import { JS_HASH } from './js-hash.ts';
import { JS_MATH } from './js-math.ts';
import { JS_REGEX } from './js-regex.ts';
import { JS_STRINGS } from './js-strings.ts';
import { JS_VECTORS } from './js-vectors.ts';

export const JS_SCALARS: readonly (readonly JsFunction[])[] = [
  JS_BITMAPS,
  JS_CASTS,
  JS_COLLATIONS,
  JS_CRYPTO,
  JS_DECIMALS,
  JS_FORMATS,
  JS_HASH,
  JS_MATH,
  JS_REGEX,
  JS_STRINGS,
  JS_VECTORS,
];
