// The lists of error conditions: each condition once, and a main condition for each sub-condition.
import { describe, expect, it } from 'vitest';
import { CONDITION_LISTS, conditionSentence } from '../../../../../src/runtime/sql/errors/conditions.ts';

const names = CONDITION_LISTS.flatMap((list) => Object.keys(list));

describe('conditions', () => {
  it('stand in one list each: of two the later one was never said', () => {
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });

  it('have their main condition, which has the SQLSTATE', () => {
    const orphans = names.filter((name) => name.includes('.') && !names.includes(name.split('.')[0]!));
    expect(orphans).toEqual([]);
    expect(
      conditionSentence('NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION', { value: '100', precision: '2', scale: '0', config: '"c"' }),
    ).toBe(
      '[NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION]  100 cannot be represented as Decimal(2, 0). If necessary set "c" to "false" to bypass this error, and return NULL instead. SQLSTATE: 22003',
    );
  });
});
