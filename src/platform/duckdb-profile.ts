// What the operators of one query did, from DuckDB's profile. The bindings have no call for it, so it goes through a small file
// (in memory where /dev/shm is there). For duckdb.ts.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { KernelOperator, KernelProfile } from '../common/sql-kernel.ts';

type Json = { readonly [key: string]: unknown };
export type StartedProfile = { end(connection: DuckDBConnection, wanted: boolean): Promise<KernelProfile | undefined> };

/** @param name no other query of this machine has it */
export async function startProfile(connection: DuckDBConnection, name: string): Promise<StartedProfile> {
  const file = join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), `emberloom-profile-${name}.json`);
  await connection.run("PRAGMA enable_profiling='json'");
  await connection.run(`PRAGMA profiling_output='${file.replaceAll("'", "''")}'`);
  return {
    async end(of, wanted) {
      try {
        if (!wanted) return undefined;
        const text = readFileSync(file, 'utf8');
        await of.run('PRAGMA disable_profiling');
        return profileOf(JSON.parse(text) as Json);
      } catch {
        return undefined; // no room for the file: the query has its answer, its figures are missing
      } finally {
        rmSync(file, { force: true });
      }
    },
  };
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
  const details = Object.entries((json['extra_info'] ?? {}) as Json);
  return {
    name: String(json['operator_type'] ?? 'RESULT'),
    rows: numberOf(json, 'operator_cardinality'),
    rowsScanned: numberOf(json, 'operator_rows_scanned'),
    seconds: numberOf(json, 'operator_timing'),
    details: Object.fromEntries(details.map(([key, value]) => [key, Array.isArray(value) ? value.join(', ') : String(value)])),
    children: ((json['children'] ?? []) as Json[]).map(operatorOf),
  };
}

const numberOf = (json: Json, key: string): number => Number(json[key] ?? 0);
