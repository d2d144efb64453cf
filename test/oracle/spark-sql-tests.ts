// Spark's own SQL test statements with Spark's answers, from the tests artefact of Maven. Fetched by Maven's client into a cache outside of the
// repository; nothing of it is committed. SPARK_SQL_TESTS_CACHE names another folder.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { open as openZip, type Entry, type ZipFile } from 'yauzl';

const VERSION = '4.2.0';
const ARTEFACT = `org.apache.spark:spark-sql_2.13:${VERSION}:jar:tests`;

export type SqlCase = {
  readonly file: string;
  readonly text: string;
  readonly settings: ReadonlyMap<string, string>;
  /** Spark's schema as `struct<a:int>`, and its rows as text. */
  readonly schema: string;
  readonly output: string;
  /** Spark's error where it ended in one. `isParse` when it came from the parser. */
  readonly error?: {
    readonly isParse: boolean;
    /** It came while rows were computed. */
    readonly isRuntime: boolean;
    readonly condition: string;
    readonly parameters: { readonly [name: string]: string };
    /** The piece of text that failed: `1/0 at 8`; empty: none is told. */
    readonly context: string;
  };
};

/** The files of the artefact whose names begin with one of these folders, as text by name. */
export async function readArtefact(folders: readonly string[]): Promise<Map<string, string>> {
  const zip = await new Promise<ZipFile>((resolve, reject) =>
    openZip(fetchArtefact(), { lazyEntries: true }, (error, file) => (error ? reject(error) : resolve(file as ZipFile))),
  );
  const files = new Map<string, string>();
  await new Promise<void>((resolve, reject) => {
    zip.on('entry', async (entry: Entry) => {
      if (folders.some((folder) => entry.fileName.startsWith(folder)) && !entry.fileName.endsWith('/'))
        files.set(entry.fileName, await content(zip, entry));
      zip.readEntry();
    });
    zip.on('end', resolve);
    zip.on('error', reject);
    zip.readEntry();
  });
  return files;
}

export const cacheFolder = (): string => process.env.SPARK_SQL_TESTS_CACHE ?? join(homedir(), '.cache', 'emberloom', 'spark-sql-tests');

function fetchArtefact(): string {
  const folder = cacheFolder();
  const jar = join(folder, `spark-sql_2.13-${VERSION}-tests.jar`);
  if (!existsSync(jar)) {
    mkdirSync(folder, { recursive: true });
    execFileSync('mvn', ['-q', '-B', 'dependency:copy', `-Dartifact=${ARTEFACT}`, `-DoutputDirectory=${folder}`], { stdio: 'inherit' });
  }
  return jar;
}

function content(zip: ZipFile, entry: Entry): Promise<string> {
  return new Promise((resolve, reject) =>
    zip.openReadStream(entry, (error, stream) => {
      if (error) return reject(error);
      const pieces: Buffer[] = [];
      stream?.on('data', (piece: Buffer) => pieces.push(piece));
      stream?.on('end', () => resolve(Buffer.concat(pieces).toString('utf8')));
      stream?.on('error', reject);
    }),
  );
}

/** Every statement that Spark's own suite ran, as its result files have them, with the settings that the input files begin with. */
export async function sqlCases(): Promise<SqlCase[]> {
  const files = await readArtefact(['sql-tests/results/', 'sql-tests/inputs/']);
  const cases: SqlCase[] = [];
  for (const [name, text] of files) {
    if (!name.startsWith('sql-tests/results/') || !name.endsWith('.out')) continue;
    const file = name.slice('sql-tests/results/'.length, -'.out'.length);
    const settings = settingsOf(files.get(`sql-tests/inputs/${file}`) ?? '');
    for (const block of text.split(/^-- !query$\n/m).slice(1)) {
      const [statement = '', schema = '', output = ''] = block.split(/\n-- !query (?:schema|output|analysis)\n/);
      cases.push({ file, text: statement, settings, schema, output: output.replace(/\n\n$/, ''), ...errorOf(output) });
    }
  }
  return cases;
}

/** `--SET`, and the first choice of each `--CONFIG_DIM`: all choices have the same answers. */
function settingsOf(input: string): Map<string, string> {
  const dimensions = new Map<string, string>();
  const sets: string[] = [];
  for (const [, what = '', list = ''] of input.matchAll(/^--(SET|CONFIG_DIM\d*) (.+)$/gm))
    if (what === 'SET') sets.push(list);
    else if (!dimensions.has(what)) dimensions.set(what, list);
  return new Map(
    [...sets, ...dimensions.values()].flatMap((list) =>
      list.split(',').map((pair): [string, string] => [pair.split('=')[0]?.trim() ?? '', pair.split('=')[1]?.trim() ?? '']),
    ),
  );
}

function errorOf(output: string): Pick<SqlCase, 'error'> {
  const match = /^([\w.$]+(?:Exception|Error))\n(\{[\s\S]*\})\s*$/.exec(output.trim());
  // Java's own exceptions have a sentence where Spark's have parameters.
  if (match === null)
    return /^(?:java|org|scala)\.[\w.$]+(?:Exception|Error)\n/.test(output)
      ? { error: { isParse: false, isRuntime: false, condition: '', parameters: {}, context: '' } }
      : {};
  try {
    const json = JSON.parse(match[2] as string) as {
      errorClass?: string;
      messageParameters?: { [name: string]: string };
      queryContext?: { fragment: string; startIndex: number }[];
    };
    const context = json.queryContext?.[0];
    return {
      error: {
        isParse: (match[1] as string).endsWith('ParseException'),
        isRuntime: /\.Spark\w+Exception$/.test(match[1] as string),
        condition: json.errorClass ?? '',
        parameters: json.messageParameters ?? {},
        context: context === undefined || context.fragment === '' ? '' : `${context.fragment} at ${context.startIndex}`,
      },
    };
  } catch {
    return {};
  }
}
