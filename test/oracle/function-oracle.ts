// node test/oracle/function-oracle.ts [--failures] [--write] [name…]: the documented examples of Spark's functions through our engine: the same schema and
// rows, or how they differ, or that a function is missing. --write keeps the verdicts in test/fixtures/sql/function-verdicts.json, which
// docs/FUNCTIONS.md is made from (`npm run docs`). Names and schemas are Spark 4.2's (its tests' list); rows are what a pyspark answers, asked once by
// `python test/oracle/ask_spark.py --functions > <cache>/function-examples.json`: documents of Spark's are not kept here.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, readArtefact, type SqlCase } from './spark-sql-tests.ts';
import { SparkTestSession } from './spark-test-session.ts';
import { judgeError, judgeOutcome, type Verdict } from './verdict.ts';

export type FunctionVerdict = { readonly name: string; readonly verdict: 'same' | 'differs' | 'missing'; readonly how?: string };
type Example = {
  readonly name: string;
  readonly text: string | null;
  readonly schema?: string;
  readonly output?: string;
  readonly error?: NonNullable<SqlCase['error']>;
};

const args = process.argv.slice(2);
const only = args.filter((arg) => !arg.startsWith('--'));

/** Their values are others at each run, or the machine's: only types count. */
const VARIES = new Set(
  `rand randn random uuid randstr uniform shuffle now current_timestamp current_date curdate current_time localtimestamp unix_timestamp current_user user
  session_user version monotonically_increasing_id spark_partition_id input_file_name try_reflect reflect java_method aes_encrypt schema_of_avro`
    .split(/\s+/)
    .filter((name) => name !== ''),
);

const session = new SparkTestSession('functions', new Map());
const verdicts: FunctionVerdict[] = [];
for (const [name, examples] of [...Map.groupBy(await allExamples(), (e) => e.name)].sort(([a], [b]) => (a < b ? -1 : 1))) {
  if (only.length > 0 && !only.includes(name)) continue;
  const found: [Example, Verdict][] = [];
  for (const example of examples) if (example.text !== null) found.push([example, await judge(example)]);
  verdicts.push(summary(name, found));
  if (args.includes('--failures'))
    for (const [e, v] of found)
      if (v.kind !== 'right')
        console.log(
          `--- ${name}: ${v.kind}\n${e.text}\n≡ Spark:\n${e.schema ?? JSON.stringify(e.error)}\n${e.output ?? ''}\n≡ ours:\n${v.got}\n`,
        );
}
await session.close();
const count = (verdict: FunctionVerdict['verdict']) => verdicts.filter((v) => v.verdict === verdict).length;
for (const { name, verdict, how } of verdicts) if (verdict === 'differs') console.log(`${name}: ${how}`);
console.log(`missing: ${verdicts.flatMap((v) => (v.verdict === 'missing' ? [v.name] : [])).join(' ')}`);
console.log(`${verdicts.length} functions: same ${count('same')}, differs ${count('differs')}, missing ${count('missing')}`);
if (args.includes('--write'))
  writeFileSync(
    join(import.meta.dirname, '../fixtures/sql/function-verdicts.json'),
    `[\n${verdicts.map((v) => JSON.stringify(v)).join(',\n')}\n]\n`,
  );

async function judge(example: Example): Promise<Verdict> {
  const expected: SqlCase = { file: '', settings: new Map(), schema: '', ...example, output: example.output ?? '', text: example.text! };
  try {
    const got = await session.run(example.text!);
    // An example that only Spark's list has comes without rows.
    const isOpen = VARIES.has(example.name) || example.output === undefined;
    return judgeOutcome(isOpen ? { ...expected, output: (got.isOrdered ? got.rows : [...got.rows].sort()).join('\n') } : expected, got);
  } catch (error) {
    return judgeError(expected, error);
  }
}

function summary(name: string, found: readonly [Example, Verdict][]): FunctionVerdict {
  const wrong = found.filter(([, v]) => v.kind !== 'right');
  if (found.length > 0 && wrong.length === 0) return { name, verdict: 'same' };
  if (found.length === 0) return { name, verdict: 'missing', how: 'no example to compare' };
  const missing = wrong.find(([, v]) => v.kind === 'not built');
  if (missing) return { name, verdict: 'missing', how: missing[1].cause ?? '' };
  const [example, verdict] = wrong[0]!;
  const how =
    verdict.kind === 'crash'
      ? 'fails in the kernel'
      : (verdict.cause ?? `${verdict.kind === 'schema' ? 'another type or name' : 'another value'}`);
  return { name, verdict: 'differs', how: `${how}: ${example.text!.replace(/\s+/g, ' ').slice(0, 100)}` };
}

/** A bar would end the cell of the list's table. */
function plain(cell: string): string {
  return cell.replaceAll('&#124;', '|');
}

async function allExamples(): Promise<Example[]> {
  const path = join(cacheFolder(), 'function-examples.json');
  const asked = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Example[]) : [];
  const known = new Set(asked.flatMap((e) => (e.text === null ? [] : [e.name])));
  const list = [...(await readArtefact(['sql-functions/'])).values()].join('\n');
  const listed = [...list.matchAll(/^\| \S+ \| (.*?) \| (.*) \| (struct<.*>) \|$/gm)].map(([, name, text, schema]) => ({
    name: plain(name!),
    text: plain(text!),
    schema: plain(schema!),
  }));
  return [...asked, ...listed.filter((e) => !known.has(e.name) && e.text !== 'N/A')];
}
