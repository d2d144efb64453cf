// Which bucket of a table a file has the rows of: its name says it. What queries make of it: ../optimizer/prune-buckets.ts, ../physical/buckets.ts.
// Source: BucketingUtils and FileSourceScanExec of Spark 4.2.
import type { SessionSettings } from '../functions/spec.ts';
import type { Scan } from '../logical/plans.ts';

const NAME = /_(\d+)(?:\.[^/]*)?$/;

/** The scan of a bucketed table, unless `spark.sql.sources.bucketing.enabled` is off, or a file does not say its bucket. */
export function bucketed(scan: Scan, { buckets }: { readonly buckets?: Scan['buckets'] }, settings: SessionSettings): Scan {
  if (buckets === undefined || settings.get('spark.sql.sources.bucketing.enabled') === 'false') return scan;
  const files = scan.files.map((file) => ({ ...file, bucket: Number(NAME.exec(file.path)?.[1] ?? -1) }));
  return files.every(({ bucket }) => bucket >= 0 && bucket < buckets.count) ? { ...scan, files, buckets } : scan;
}
