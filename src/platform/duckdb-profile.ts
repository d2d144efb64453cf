// What the operators of one query did, from DuckDB's profile. The bindings have no call for it, so it goes through a small file
// (in memory where /dev/shm is there). For duckdb.ts.
import { quoteText } from '../common/kernel-quotes.ts';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { threadId } from 'node:worker_threads';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { KernelOperator, KernelProfile } from '../common/sql-kernel.ts';

type Json = { readonly [key: string]: unknown };
export type StartedProfile = { end(connection: DuckDBConnection, wanted: boolean): Promise<KernelProfile | undefined> };

/** Profiling once begun goes on where a kernel has a folder of its own: a statement of two PRAGMAs a query costs as much as a small query. */
export class Profiles {
  readonly #file: string | undefined;
  readonly #on = new WeakSet<DuckDBConnection>();
  #queries = 0;

  /** @param folder of the kernel alone, cleaned by whoever gave it; undefined: each query has a file for itself */
  constructor(folder: string | undefined) {
    this.#file = folder === undefined ? undefined : `${folder}_profile`;
  }

  async start(connection: DuckDBConnection): Promise<StartedProfile> {
    if (this.#file === undefined) return startProfile(connection, `${process.pid}-${threadId}-${++this.#queries}`);
    const file = `${this.#file}_${this.#numberOf(connection)}.json`;
    if (!this.#on.has(connection)) {
      mkdirSync(dirname(file), { recursive: true });
      await turnOn(connection, file);
      this.#on.add(connection);
    }
    return {
      async end(_, wanted) {
        return wanted ? readProfile(file) : undefined;
      },
    };
  }

  readonly #numbers = new WeakMap<DuckDBConnection, number>();
  #numberOf(connection: DuckDBConnection): number {
    let n = this.#numbers.get(connection);
    if (n === undefined) this.#numbers.set(connection, (n = ++this.#queries));
    return n;
  }
}

/** Only what operatorOf and profileOf read: the texts of the operators' expressions alone cost a millisecond a query. */
const METRICS = [
  'OPERATOR_TYPE',
  'OPERATOR_CARDINALITY',
  'OPERATOR_ROWS_SCANNED',
  'OPERATOR_TIMING',
  'SYSTEM_PEAK_BUFFER_MEMORY',
  'SYSTEM_PEAK_TEMP_DIR_SIZE',
];
const SETTING = `SET custom_profiling_settings=${quoteText(JSON.stringify(Object.fromEntries(METRICS.map((name) => [name, 'true']))))}`;

const turnOn = async (connection: DuckDBConnection, file: string): Promise<void> => {
  await connection.run("PRAGMA enable_profiling='json'");
  await connection.run(SETTING);
  await connection.run(`PRAGMA profiling_output=${quoteText(file)}`);
};

/** @param name no other query of this machine has it */
async function startProfile(connection: DuckDBConnection, name: string): Promise<StartedProfile> {
  const file = join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), `emberloom-profile-${name}.json`);
  await turnOn(connection, file);
  return {
    async end(of, wanted) {
      const profile = wanted ? readProfile(file) : undefined;
      rmSync(file, { force: true });
      if (wanted) await of.run('PRAGMA disable_profiling');
      return profile;
    },
  };
}

/** @returns undefined when there was no room for the file: the query has its answer, its figures are missing */
function readProfile(file: string): KernelProfile | undefined {
  try {
    return profileOf(JSON.parse(readFileSync(file, 'utf8')) as Json);
  } catch {
    return undefined;
  }
}

function profileOf(json: Json): KernelProfile {
  const [root] = (json['children'] ?? []) as Json[];
  return {
    root: operatorOf(root ?? {}),
    peakMemoryBytes: numberOf(json, 'system_peak_buffer_memory'),
    peakSpilledBytes: numberOf(json, 'system_peak_temp_dir_size'),
  };
}

function operatorOf(json: Json): KernelOperator {
  return {
    name: String(json['operator_type'] ?? 'RESULT'),
    source: String(json['operator_name'] ?? ''),
    rows: numberOf(json, 'operator_cardinality'),
    rowsScanned: numberOf(json, 'operator_rows_scanned'),
    seconds: numberOf(json, 'operator_timing'),
    children: ((json['children'] ?? []) as Json[]).map(operatorOf),
  };
}

const numberOf = (json: Json, key: string): number => Number(json[key] ?? 0);
