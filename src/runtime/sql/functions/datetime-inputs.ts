// What functions of datetimes take.
import * as T from '../types/data-type.ts';
import { isString } from './coercion.ts';
import type { InputType } from './spec.ts';

/** TIMESTAMP or TIMESTAMP_NTZ as it is, the rest becomes TIMESTAMP. */
export const ANY_TIMESTAMP: InputType = {
  name: '("TIMESTAMP" or "TIMESTAMP WITHOUT TIME ZONE")',
  accepts: (t) => t.tag === 'timestamp' || t.tag === 'timestamp_ntz',
  castFrom: (t) => (isString(t) || t.tag === 'date' || t.tag === 'null' ? T.TIMESTAMP : undefined),
};

/** Or a time of the day. */
export const TIME_OF_DAY: InputType = { ...ANY_TIMESTAMP, accepts: (t) => t.tag === 'time' || ANY_TIMESTAMP.accepts(t) };
