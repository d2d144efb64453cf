import { expect, test } from 'vitest';
import { added, tallyOfTap, tallyOfVitest } from '../../../scripts/test-tally.ts';

test('bats: passed, skipped and failed by name', () => {
  const tap =
    '1..4\nok 1 first in 20ms\nnot ok 2 second in 30ms\n# (in test file x, line 3)\nok 3 third in 1ms # skip root only\nok 4 fourth in 5ms\n';
  expect(tallyOfTap('x.bats', tap, 1)).toEqual({ passed: 2, skipped: 1, failures: ['x.bats: second in 30ms'] });
});

test.each([
  ['a setup that failed', 'bats: setup_suite failed\n', 1, 'x.bats: ended with exit code 1'],
  ['a run cut short, whatever its exit code', '1..2\nok 1 first in 20ms\n', 0, 'x.bats: ended with exit code 1'],
  ['nothing said', '', 0, 'x.bats: ended with exit code 1'],
  ['killed after its last test', '1..1\nok 1 first in 2ms\n', 137, 'x.bats: ended with exit code 137'],
])('bats: %s is a failure', (_, tap, code, failure) => {
  expect(tallyOfTap('x.bats', tap, code).failures).toEqual([failure]);
});

const reported = (status: string, ...tests: string[]) => ({
  name: 'a.test.ts',
  status,
  assertionResults: tests.map((each, i) => ({ fullName: `t${i}`, status: each })),
});

test('vitest: tests, and files that could not be loaded', () => {
  const json = JSON.stringify({
    testResults: [reported('failed', 'passed', 'failed', 'skipped'), reported('failed'), reported('passed', 'passed')],
  });
  expect(tallyOfVitest('vitest', json, 1)).toEqual({ passed: 2, skipped: 1, failures: ['a.test.ts: t1', 'a.test.ts: the file itself'] });
});

test('vitest: no report, or an error outside of tests, is a failure', () => {
  expect(tallyOfVitest('vitest', undefined, 0).failures).toEqual(['vitest: ended with exit code 1']);
  expect(tallyOfVitest('vitest', JSON.stringify({ testResults: [reported('passed', 'passed')] }), 1)).toEqual({
    passed: 1,
    skipped: 0,
    failures: ['vitest: ended with exit code 1'],
  });
});

test('sums', () => {
  const one = { passed: 1, skipped: 2, failures: ['a'] };
  expect(added(one, { passed: 3, skipped: 0, failures: ['b'] })).toEqual({ passed: 4, skipped: 2, failures: ['a', 'b'] });
});
