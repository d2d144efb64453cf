// How many tests of a run passed and failed, from what the runners say: vitest's JSON report, bats's TAP. A run that ended badly without a failed
// test (a file that can't be loaded, a setup that failed, a run cut short) counts as one failure, so a zero is never said of a run that was not well.

/** `failures`: their names. */
export type Tally = { readonly passed: number; readonly skipped: number; readonly failures: readonly string[] };
export const NOTHING: Tally = { passed: 0, skipped: 0, failures: [] };

export const added = (a: Tally, b: Tally): Tally => ({
  passed: a.passed + b.passed,
  skipped: a.skipped + b.skipped,
  failures: [...a.failures, ...b.failures],
});

/** Of one shell file. */
export function tallyOfTap(name: string, tap: string, code: number): Tally {
  const lines = tap.split('\n');
  const done = lines.filter((line) => /^ok \d+ /.test(line));
  const skipped = done.filter((line) => /# skip/.test(line)).length;
  const failures = lines.filter((line) => /^not ok \d+ /.test(line)).map((line) => `${name}: ${line.replace(/^not ok \d+ /, '')}`);
  const planned = Number(/^1\.\.(\d+)$/m.exec(tap)?.[1] ?? Number.NaN);
  const isWhole = done.length + failures.length === planned;
  return endedWell({ passed: done.length - skipped, skipped, failures }, name, isWhole ? code : code || 1);
}

type Report = {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
};

/** @param json vitest's report; undefined: it has written none */
export function tallyOfVitest(name: string, json: string | undefined, code: number): Tally {
  const files = json === undefined ? [] : (JSON.parse(json) as Report).testResults;
  const tests = files.flatMap((file) => file.assertionResults.map((test) => ({ ...test, file: file.name })));
  const unloaded = files.filter((file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'));
  const tally = {
    passed: tests.filter((test) => test.status === 'passed').length,
    skipped: tests.filter((test) => !['passed', 'failed'].includes(test.status)).length,
    failures: [
      ...tests.filter((test) => test.status === 'failed').map((test) => `${test.file}: ${test.fullName}`),
      ...unloaded.map((file) => `${file.name}: the file itself`),
    ],
  };
  return endedWell(tally, name, json === undefined ? code || 1 : code);
}

const endedWell = (tally: Tally, name: string, code: number): Tally =>
  code !== 0 && tally.failures.length === 0 ? { ...tally, failures: [`${name}: ended with exit code ${code}`] } : tally;
