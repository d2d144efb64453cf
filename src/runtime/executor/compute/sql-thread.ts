// The SQL kernel of one worker thread: opened when the first fragment comes, with its share of the executor's memory; broadcast rows are
// tables of it, loaded once. What a fragment does with it is sql-fragment-rows.ts; the kernel itself is an adapter that worker-main.ts chooses.
import { zoneSetting } from '../../../common/kernel-zone.ts';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { KernelScalarFunction, SqlKernel, SqlKernels } from '../../../common/sql-kernel.ts';
import { selectFiles, writeRows } from '../../rdd/fragment-text.ts';
import type { FragmentFunction, FragmentInput, SqlFragment } from '../../rdd/sql-fragment.ts';

/** Between stages: second version for its short forms of numbers (a fifth of the bytes), dictionaries for few values only, which are quick to make. */
export const FILE_FORM = 'FORMAT parquet, COMPRESSION uncompressed, PARQUET_VERSION V2, DICTIONARY_SIZE_LIMIT 100';

/** The bundle that is loaded when a fragment calls JavaScript, or a function of the program sees rows. */
export type SqlFunctions = typeof import('../../sql/udf/for-executors.ts');

export type SqlThreadSettings = {
  readonly kernels: SqlKernels;
  readonly functions: () => SqlFunctions;
  readonly memoryLimitMb: number | undefined;
  /** Threads of a query that runs alone. */
  readonly cores: number;
  /** A result above it ends its task; 0 or left out: none does. spark.driver.maxResultSize */
  readonly mostResultBytes?: number;
  /** Of the kernel, where a site has laid them out. */
  readonly extensionsDirectory?: string | undefined;
  /** Local folders; the first one holds what the kernel spills. */
  readonly dirs: readonly string[];
};

/** Left on, a fragment of TPC-H Q5 took 4.5 s instead of 0.2 s: their estimates are wrong for parts of a query. The planner orders joins. */
const PLANNED_BY_US = 'join_order,build_side_probe_side';

export class SqlThread {
  readonly #settings: SqlThreadSettings;
  #kernel: Promise<SqlKernel> | undefined;
  #timeZone: string | undefined;
  #isWhole = false;
  readonly #registered = new Set<string>();
  /** Of functions of the program, by name and types: what computes them in the task that runs. Their captured values are made anew for each task. */
  readonly #ofTask = new Map<string, KernelScalarFunction['compute']>();
  readonly #tables = new Map<string, { readonly broadcast: number }>();

  constructor(settings: SqlThreadSettings) {
    this.#settings = settings;
  }

  get mostResultBytes(): number {
    return this.#settings.mostResultBytes ?? 0;
  }

  /** The kernel, set as the fragment wants it. */
  async kernelFor({ timeZone, isWhole, functions }: SqlFragment, bodies: readonly unknown[] = []): Promise<SqlKernel> {
    const kernel = await this.kernel();
    if (timeZone !== this.#timeZone) await kernel.run(zoneSetting(timeZone));
    this.#timeZone = timeZone;
    if (isWhole !== this.#isWhole) {
      await kernel.run(`SET disabled_optimizers='${isWhole ? '' : PLANNED_BY_US}'`);
      await kernel.run(`SET threads=${isWhole ? this.#settings.cores : 1}`);
    }
    this.#isWhole = isWhole;
    for (const f of functions) {
      if ('call' in f) await this.#useProgramFunction(kernel, f, bodies);
      else if (!this.#registered.has(f.sqlName)) {
        await kernel.registerScalar(this.functions.functionOf(f, bodies));
        this.#registered.add(f.sqlName);
      }
    }
    return kernel;
  }

  get functions(): SqlFunctions {
    return this.#settings.functions();
  }

  /** Computes what comes before a text. @param check throws when the task is not wanted any more. @returns what is to be called after the text */
  async runSteps(
    kernel: SqlKernel,
    steps: SqlFragment['steps'],
    bodies: readonly unknown[],
    check: () => void,
  ): Promise<() => Promise<void>> {
    return steps === undefined ? async () => {} : this.functions.runSteps(kernel, steps, bodies, check);
  }

  async #useProgramFunction(kernel: SqlKernel, f: FragmentFunction, bodies: readonly unknown[]): Promise<void> {
    const { compute, ...definition } = this.functions.functionOf(f, bodies);
    const key = `${f.sqlName}(${definition.parameterTypes.join()})`;
    const isKnown = this.#ofTask.has(key);
    this.#ofTask.set(key, compute);
    if (!isKnown) await kernel.registerScalar({ ...definition, compute: (columns, rows) => this.#ofTask.get(key)!(columns, rows) });
  }

  /** A table of this name with the broadcast's rows. */
  async loadBroadcast(kernel: SqlKernel, input: FragmentInput, id: number, files: readonly Uint8Array[]): Promise<void> {
    if (this.#tables.has(input.name)) return;
    const folder = path.join(this.#settings.dirs[0]!, `sql_${process.pid}_${input.name}_${Math.random().toString(36).slice(2)}`);
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const written = writeRows(folder, 'rows', files);
      await kernel.run(`CREATE OR REPLACE TABLE "${input.name}" AS ${selectFiles(input, written)}`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    this.#tables.set(input.name, { broadcast: id });
  }

  /** A broadcast that the driver has taken back. */
  async forget(id: number): Promise<void> {
    for (const [name, { broadcast }] of this.#tables) {
      if (broadcast !== id) continue;
      this.#tables.delete(name);
      await (await this.kernel()).run(`DROP TABLE IF EXISTS "${name}"`);
    }
  }

  /** The kernel, however it is set now: for texts that settings do not change. */
  kernel(): Promise<SqlKernel> {
    this.#kernel ??= this.#settings.kernels.open({
      threads: 1,
      ...(this.#settings.memoryLimitMb !== undefined && { memoryLimitMb: this.#settings.memoryLimitMb }),
      tempDirectory: path.join(this.#settings.dirs[0]!, `sql_spill_${process.pid}_${Math.random().toString(36).slice(2)}`),
      extensionsDirectory: this.#settings.extensionsDirectory,
      disabledOptimizers: PLANNED_BY_US.split(','),
    });
    return this.#kernel;
  }
}
