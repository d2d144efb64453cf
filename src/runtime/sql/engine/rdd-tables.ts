// Rows of RDDs for queries that the driver's own kernel computes: executors make Parquet files of them, and for as long as a query reads them there
// is a view of them in the kernel. Queries that run on executors read the RDD where it is (../physical/execute.ts).
import { quoteName } from '../../../common/kernel-quotes.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { SqlKernel } from '../../../common/sql-kernel.ts';
import { selectFiles, writeRows } from '../../rdd/fragment-text.ts';
import type { FragmentColumn, SqlCluster } from '../../rdd/sql-fragment.ts';
import { duckdbType } from '../emit/duckdb-types.ts';
import type { KernelTable, LogicalPlan } from '../logical/plans.ts';
import { visitPlan } from '../logical/plan-tree.ts';

type Ports = { readonly cluster?: SqlCluster; readonly temporaryFolder?: () => string };
type Session = { readonly kernel: () => Promise<SqlKernel>; readonly timeZone: () => string };
type Open = { users: number; readonly folder: string; readonly ready: Promise<void> };

export class RddTables {
  readonly #ports: Ports;
  readonly #session: Session;
  /** By table: queries that run at the same time share one. */
  readonly #open = new Map<string, Open>();

  constructor(ports: Ports, session: Session) {
    this.#ports = ports;
    this.#session = session;
  }

  /** Computes the RDDs that the plan reads. @returns to be called when its query has ended */
  async open(plan: LogicalPlan): Promise<() => Promise<void>> {
    const tables = rddTablesIn(plan);
    const opened: string[] = [];
    const close = async () => {
      for (const table of opened) await this.#close(table);
    };
    try {
      for (const node of tables) {
        let known = this.#open.get(node.table);
        if (known === undefined) {
          const folder = mkdtempSync(join(this.#ports.temporaryFolder!(), 'rdd-'));
          this.#open.set(node.table, (known = { users: 0, folder, ready: this.#load(node, folder) }));
        }
        known.users++;
        opened.push(node.table);
        await known.ready;
      }
      return close;
    } catch (error) {
      await close();
      throw error;
    }
  }

  async #load({ table, output, columns: names, rdd }: KernelTable, folder: string): Promise<void> {
    const { cluster } = this.#ports;
    const columns = output.map((a, i): FragmentColumn => [names[i]!, duckdbType(a.dataType)]);
    const input = { name: table, columns: columns.length > 0 ? columns : [['none', 'INTEGER'] as const] };
    const list = input.columns.map(([name]) => quoteName(name)).join(', ');
    const fragment = {
      sql: `SELECT ${list} FROM ${quoteName(table)}`,
      inputs: [input],
      broadcasts: [],
      functions: [],
      timeZone: this.#session.timeZone(),
      isWhole: false,
    };
    const paths: (readonly string[])[] = [];
    await cluster!.collect(
      [{ fragment, broadcasts: [], bodies: [], everywhere: [], source: { kind: 'rdd', rows: rdd!, input } }],
      (task, files) => {
        paths[task] = writeRows(folder, `task-${task}`, files);
      },
    );
    const rows = selectFiles(input, paths.flat());
    await (await this.#session.kernel()).run(`CREATE OR REPLACE VIEW ${quoteName(table)} AS ${rows}`);
  }

  async #close(table: string): Promise<void> {
    const open = this.#open.get(table);
    if (open === undefined || --open.users > 0) return;
    this.#open.delete(table);
    await (await this.#session.kernel()).run(`DROP VIEW IF EXISTS ${quoteName(table)}`).catch(() => {}); // it may have failed before there was one
    rmSync(open.folder, { recursive: true, force: true });
  }
}

/** Each once, however often the plan reads it. */
export function rddTablesIn(plan: LogicalPlan): readonly KernelTable[] {
  const found = new Map<string, KernelTable>();
  visitPlan(plan, (p) => {
    if (p.kind === 'kernelTable' && p.rdd !== undefined) found.set(p.table, p);
  });
  return [...found.values()];
}
