// Which store a bucket is in and who asks, by Hadoop's names of settings; `fs.s3a.bucket.<bucket>.*` wins for one bucket, and AWS's variables of the
// environment stand in where nothing is set. Source: S3AUtils.propagateBucketOptions and Constants of Hadoop 3.4.
import type { ObjectStore } from '../../../../common/object-store.ts';

type Get = (key: string) => string | undefined;
type Environment = Readonly<Record<string, string | undefined>>;

export function objectStore(bucket: string, get: Get, env: Environment = process.env): ObjectStore {
  const setting = (name: string): string | undefined =>
    get(`spark.hadoop.fs.s3a.bucket.${bucket}.${name}`) || get(`spark.hadoop.fs.s3a.${name}`) || undefined;
  const region = setting('endpoint.region') ?? env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'] ?? 'us-east-1';
  const given = setting('endpoint') ?? env['AWS_ENDPOINT_URL_S3'] ?? env['AWS_ENDPOINT_URL'] ?? `s3.${region}.amazonaws.com`;
  const [, scheme, endpoint = given] = /^(https?):\/\/(.*?)\/*$/.exec(given) ?? [];
  const own = setting('access.key');
  // Never a key of one with the secret of another.
  const [accessKey, secretKey, sessionToken] =
    own === undefined
      ? [env['AWS_ACCESS_KEY_ID'], env['AWS_SECRET_ACCESS_KEY'], env['AWS_SESSION_TOKEN']]
      : [own, setting('secret.key'), setting('session.token')];
  return {
    bucket,
    endpoint,
    isSecure: scheme === undefined ? setting('connection.ssl.enabled')?.toLowerCase() !== 'false' : scheme === 'https',
    isPathStyle: setting('path.style.access')?.toLowerCase() === 'true',
    region,
    ...(accessKey && secretKey && { credentials: { accessKey, secretKey, ...(sessionToken && { sessionToken }) } }),
  };
}
