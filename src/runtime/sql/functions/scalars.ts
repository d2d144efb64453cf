// The topics of scalar functions on numbers, truth, text and bits, for registry.ts.
import { ARITHMETIC } from './arithmetic.ts';
import { BITWISE } from './bitwise.ts';
import { CONDITIONALS } from './conditionals.ts';
import { MATH } from './math.ts';
import { SESSION_FUNCTIONS } from './session-functions.ts';
import { PREDICATES } from './predicates.ts';
import { REGEX } from './regex.ts';
import { ROUNDING } from './rounding.ts';
import type { FunctionSpec } from './spec.ts';
import { STRINGS } from './strings.ts';
import { TEXT_FORMATS } from './text-formats.ts';

export const SCALARS: readonly (readonly FunctionSpec[])[] = [
  ARITHMETIC,
  BITWISE,
  CONDITIONALS,
  MATH,
  SESSION_FUNCTIONS,
  PREDICATES,
  REGEX,
  ROUNDING,
  STRINGS,
  TEXT_FORMATS,
];
