// File sources by what was asked for. Analysis is synchronous and files are not: an unknown source is a PendingSource thrown; when it is loaded
// the analysis begins again.
import type { SqlKernel } from '../../../common/sql-kernel.ts';
import { AnalysisException } from '../errors/spark-error.ts';
import type { LogicalPlan } from '../logical/plans.ts';
import type { Read } from '../plan/relations.ts';

type DataSource = NonNullable<Read['dataSource']>;

/** Not an error of anybody's: the analysis waits for `loaded` and is repeated. */
export class PendingSource extends Error {
  readonly loaded: Promise<void>;

  constructor(loaded: Promise<void>) {
    super('a source that is being opened');
    this.loaded = loaded;
  }
}

export class SourceCache {
  readonly #kernel: () => Promise<SqlKernel>;

  constructor(kernel: () => Promise<SqlKernel>) {
    this.#kernel = kernel;
  }

  open(source: DataSource): LogicalPlan {
    void this.#kernel;
    throw new AnalysisException('NOT_BUILT', { feature: `The data source ${source.format ?? ''}` });
  }
}
