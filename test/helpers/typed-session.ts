// A SQL session in the test's own process whose functions and stages run over RDDs without a scheduler (in-process-context.ts): as a local master
// (queries in the driver's kernel, functions in tasks) or as a cluster (everything in tasks).
import { loadArrowTables } from '../../src/platform/arrow.ts';
import { duckdbKernels } from '../../src/platform/duckdb.ts';
import type { RddContext } from '../../src/runtime/rdd/context.ts';
import { sqlCluster } from '../../src/runtime/rdd/sql-stages.ts';
import { setArrowTables } from '../../src/runtime/sql/api/arrow.ts';
import { rddsBecomeDataFramesOf } from '../../src/runtime/sql/api/rdd-to-dataframe.ts';
import { SqlSession } from '../../src/runtime/sql/api/sql-session.ts';
import { setSqlTexts } from '../../src/runtime/sql/api/sql-text.ts';
import { SqlEngine } from '../../src/runtime/sql/engine/sql-engine.ts';
import * as parser from '../../src/runtime/sql/parser/parse.ts';
import { InProcessContext } from './in-process-context.ts';

export class TypedSession extends SqlSession {
  readonly context = new InProcessContext({ parallelism: 3 });
  readonly #engine: SqlEngine;

  constructor(isLocal: boolean, settings: Readonly<Record<string, string>> = {}) {
    super();
    setSqlTexts(() => parser);
    setArrowTables(loadArrowTables);
    rddsBecomeDataFramesOf(this.context, this);
    this.#engine = new SqlEngine({
      kernels: duckdbKernels,
      threads: 1,
      conf: (key) => settings[key],
      nowMs: () => 1_700_000_000_000,
      localTimeZone: 'UTC',
      cluster: sqlCluster(this.context, () => 3, isLocal),
      temporaryFolder: () => this.context.folder,
    });
  }

  protected override sqlEngine(): SqlEngine {
    return this.#engine;
  }

  protected override rddContext(): RddContext {
    return this.context;
  }

  async close(): Promise<void> {
    await this.#engine.close();
    this.context.close();
  }
}
