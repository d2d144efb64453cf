// A SQL session in the test's own process: the API over the engine, without a driver.
import type { RddContext } from '../../src/runtime/rdd/context.ts';
import { SqlSession } from '../../src/runtime/sql/api/sql-session.ts';
import { setSqlTexts } from '../../src/runtime/sql/api/sql-text.ts';
import type { SqlEngine } from '../../src/runtime/sql/engine/sql-engine.ts';
import * as parser from '../../src/runtime/sql/parser/parse.ts';
import { sqlEngine } from './sql.ts';

export class TestSession extends SqlSession {
  readonly #engine: SqlEngine;

  constructor(settings: Readonly<Record<string, string>> = {}) {
    super();
    setSqlTexts(() => parser);
    this.#engine = sqlEngine(settings);
  }

  protected override sqlEngine(): SqlEngine {
    return this.#engine;
  }

  protected override rddContext(): RddContext {
    throw new Error('a test of the API alone has no RDDs');
  }

  close(): Promise<void> {
    return this.#engine.close();
  }
}
