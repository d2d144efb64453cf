// A bucket's keys as a secret of DuckDB, for that bucket alone. For duckdb.ts.
import { createHash } from 'node:crypto';
import { quoteText } from '../common/kernel-quotes.ts';
import type { ObjectStore } from '../common/object-store.ts';

export function secretOf({ bucket, endpoint, isSecure, isPathStyle, region, credentials }: ObjectStore): string {
  const given = {
    KEY_ID: credentials?.accessKey,
    SECRET: credentials?.secretKey,
    SESSION_TOKEN: credentials?.sessionToken,
    REGION: region,
    ENDPOINT: endpoint,
    URL_STYLE: isPathStyle ? 'path' : 'vhost',
    SCOPE: `s3://${bucket}`,
  };
  const options = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${quoteText(value)}`]));
  const name = `bucket_${createHash('sha256').update(bucket).digest('hex').slice(0, 16)}`;
  return `CREATE OR REPLACE SECRET ${name} (TYPE s3, ${options.join(', ')}, USE_SSL ${isSecure})`;
}
