// node test/oracle/parser-oracle.ts [--failures] [file…]: does our parser accept and refuse what Spark's does, with the same condition and parameters?
// Counts per file and in all; with --failures every statement that differs. Not part of npm test: it needs Maven's client and 50 MB.
import { ParseException } from '../../src/runtime/sql/parser/parse-error.ts';
import { parseStatement } from '../../src/runtime/sql/parser/parse.ts';
import { readArtefact, type SqlCase, sqlCases } from './spark-sql-tests.ts';

type Verdict = 'same' | 'wrongly refused' | 'wrongly accepted' | 'other condition' | 'other parameters' | 'defect';

const args = process.argv.slice(2);
const showsFailures = args.includes('--failures');
const only = args.filter((arg) => !arg.startsWith('--'));

function judge({ file, text, settings: atStart, error }: SqlCase): { verdict: Verdict; got?: unknown } {
  const settings = new Map([...atStart, ...(changed.get(file) ?? [])]);
  const options = {
    doubleQuotedIdentifiers: settings.get('spark.sql.ansi.doubleQuotedIdentifiers') === 'true',
    singleCharacterPipeOperator: settings.get('spark.sql.parser.singleCharacterPipeOperator.enabled') !== 'false',
    legacyIdentifierClause: settings.get('spark.sql.legacy.identifierClause') === 'true',
    enforceReservedKeywords: settings.get('spark.sql.ansi.enforceReservedKeywords') === 'true',
  };
  // The text inside of EXECUTE IMMEDIATE is parsed when it runs: its syntax errors are not the statement's.
  const isInner = /^EXECUTE IMMEDIATE/i.test(text) && error?.condition === 'PARSE_SYNTAX_ERROR';
  const expected = error?.isParse && !isInner ? error : undefined;
  try {
    parseStatement(text, options);
    return { verdict: expected ? 'wrongly accepted' : 'same' };
  } catch (failure) {
    if (!(failure instanceof ParseException)) return { verdict: 'defect', got: failure };
    const got = { condition: failure.condition, parameters: failure.messageParameters };
    // Some conditions Spark throws from a check that parsing calls, under another exception's name.
    if (expected === undefined) return { verdict: failure.condition === error?.condition ? 'same' : 'wrongly refused', got };
    if (failure.condition !== expected.condition) return { verdict: 'other condition', got };
    const sorted = (parameters: object) => JSON.stringify(Object.entries(parameters).sort());
    return { verdict: sorted(failure.messageParameters) === sorted(expected.parameters) ? 'same' : 'other parameters', got };
  }
}

/** SET in a file holds for its later statements. */
const changed = new Map<string, Map<string, string>>();

function remember({ file, text }: SqlCase): void {
  const match = /^set\s+(spark\.[\w.]+)\s*=\s*(\S+)\s*$/i.exec(text);
  if (match === null) return;
  const settings = changed.get(file) ?? new Map<string, string>();
  changed.set(file, settings.set(match[1] as string, match[2] as string));
}

const perFile = new Map<string, Map<Verdict, number>>();
const totals = new Map<Verdict, number>();
let refusals = 0;
let sameMessages = 0;
let count = 0;
for (const item of await sqlCases()) {
  if (only.length > 0 && !only.some((name) => item.file.includes(name))) continue;
  const { verdict, got } = judge(item);
  remember(item);
  count++;
  totals.set(verdict, (totals.get(verdict) ?? 0) + 1);
  const counts = perFile.get(item.file) ?? new Map<Verdict, number>();
  counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  perFile.set(item.file, counts);
  if (item.error?.isParse) {
    refusals++;
    if (verdict === 'same') sameMessages++;
  }
  if (showsFailures && verdict !== 'same')
    console.log(
      `--- ${item.file}: ${verdict}\n${item.text}\n  Spark: ${JSON.stringify(item.error)}\n  ours:  ${got instanceof Error ? got.stack : JSON.stringify(got)}`,
    );
}
for (const [file, counts] of perFile) {
  const wrong = [...counts].filter(([verdict]) => verdict !== 'same');
  if (wrong.length > 0) console.log(`${file}: ${[...counts].map(([verdict, n]) => `${n} ${verdict}`).join(', ')}`);
}
const of = (...verdicts: Verdict[]) => verdicts.reduce((sum, verdict) => sum + (totals.get(verdict) ?? 0), 0);
const percent = (n: number, all: number) => `${n} of ${all} (${((100 * n) / all).toFixed(2)} %)`;
console.log(`accepted or refused as Spark: ${percent(count - of('wrongly refused', 'wrongly accepted', 'defect'), count)}`);
console.log(`refusals with Spark's condition and parameters: ${percent(sameMessages, refusals)}`);
console.log([...totals].map(([verdict, n]) => `${n} ${verdict}`).join(', '));

let texts = 0;
const unread: string[] = [];
for (const [name, text] of await readArtefact(['tpch/', 'tpcds/', 'tpcds-v2.7.0/', 'tpcds-modifiedQueries/', 'ssb/'])) {
  if (!name.endsWith('.sql')) continue;
  texts++;
  try {
    parseStatement(text);
  } catch (failure) {
    unread.push(`${name}: ${failure}`);
  }
}
console.log(`TPC-H, TPC-DS and SSB texts: ${percent(texts - unread.length, texts)}`);
for (const line of unread) console.log(line);
