// The topics of scalar functions on numbers, truth, text and bits, for registry.ts.
import { ARITHMETIC } from './arithmetic.ts';
import { BITMAPS } from './bitmaps.ts';
import { BITWISE } from './bitwise.ts';
import { CONDITIONALS } from './conditionals.ts';
import { CRYPTO } from './crypto.ts';
import { MATH } from './math.ts';
import { SESSION_FUNCTIONS } from './session-functions.ts';
import { PREDICATES } from './predicates.ts';
import { RANDOMS } from './randoms.ts';
import { REGEX } from './regex.ts';
import { ROUNDING } from './rounding.ts';
import type { FunctionSpec } from './spec.ts';
import { STRINGS } from './strings.ts';
import { TEXT_FORMATS } from './text-formats.ts';
import { VECTORS } from './vectors.ts';

export const SCALARS: readonly (readonly FunctionSpec[])[] = [
  ARITHMETIC,
  BITMAPS,
  BITWISE,
  CONDITIONALS,
  CRYPTO,
  MATH,
  SESSION_FUNCTIONS,
  PREDICATES,
  RANDOMS,
  REGEX,
  ROUNDING,
  STRINGS,
  TEXT_FORMATS,
  VECTORS,
];
