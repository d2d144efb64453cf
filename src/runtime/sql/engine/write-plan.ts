// A plan's rows to where a request wants them: files of a folder, or a table of another database.
import type { KernelChunk, SqlKernel } from '../../../common/sql-kernel.ts';
import type { TaskFiles } from '../../rdd/sql-fragment.ts';
import type { SessionSettings } from '../functions/spec.ts';
import type { LogicalPlan } from '../logical/plans.ts';
import type { RowFiles } from '../physical/fragments.ts';
import { isJdbc } from '../sources/formats.ts';
import { writeJdbc } from '../sources/jdbc/write-jdbc.ts';
import { type WriteRequest, type Written, writeFiles } from '../sources/write/write-files.ts';
import { planToWrite } from './plan-to-write.ts';
import type { PreparedQuery } from './prepared-query.ts';

type Session = {
  readonly settings: SessionSettings;
  readonly kernel: () => Promise<SqlKernel>;
  readonly prepare: (plan: LogicalPlan) => PreparedQuery;
  readonly run: (query: PreparedQuery) => AsyncIterable<KernelChunk>;
  /** Computes a query into files. */
  readonly write: (query: PreparedQuery, attempt: () => Promise<RowFiles>) => Promise<readonly TaskFiles[]>;
};

/** @throws AnalysisException, SparkRuntimeException */
export async function writePlan(plan: LogicalPlan, request: WriteRequest, session: Session): Promise<Written> {
  const { settings } = session;
  if (isJdbc(request.format)) {
    await writeJdbc(plan, request, await session.kernel(), (rows) => session.run(session.prepare(rows)));
    return { partitions: [], files: [], skipped: false };
  }
  const { plan: rows, ...more } = planToWrite(plan, request, settings);
  const query = session.prepare(rows);
  return writeFiles(request, { ...more, settings, write: (attempt) => session.write(query, attempt) });
}
