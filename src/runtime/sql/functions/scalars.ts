// The topics of scalar functions on numbers, truth, text and bits, for registry.ts.
import { ARITHMETIC } from './arithmetic.ts';
import { BITWISE } from './bitwise.ts';
import { MATH } from './math.ts';
import { PREDICATES } from './predicates.ts';
import { ROUNDING } from './rounding.ts';
import type { FunctionSpec } from './spec.ts';
import { STRINGS } from './strings.ts';

export const SCALARS: readonly (readonly FunctionSpec[])[] = [ARITHMETIC, BITWISE, MATH, PREDICATES, ROUNDING, STRINGS];
