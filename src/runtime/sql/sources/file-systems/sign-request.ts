// A request to an object store with its signature (AWS Signature Version 4, by aws4fetch), with the payload unsigned: what protects it is TLS, or nobody
// wants it protected.
import { AwsV4Signer } from 'aws4fetch';
import type { ObjectStore } from '../../../../common/object-store.ts';

export type S3Request = {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  /** Without the bucket. */
  readonly key: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
};

/** As the signature wants it: everything but letters, digits and -._~ as %XX. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/** @param nowMs the store refuses what is more than 15 minutes off */
export async function signedRequest(
  store: ObjectStore,
  { method, key, query = {}, headers = {} }: S3Request,
  nowMs: number,
): Promise<{ readonly url: string; readonly headers: Headers }> {
  const { bucket, endpoint, isSecure, isPathStyle, credentials, region } = store;
  const host = isPathStyle ? endpoint : `${bucket}.${endpoint}`;
  const path = `/${[...(isPathStyle ? [bucket] : []), ...key.split('/')].map(encoded).join('/')}`;
  const asked = Object.entries(query).map(([name, value]) => `${encoded(name)}=${encoded(value)}`);
  const url = `${isSecure ? 'https' : 'http'}://${host}${path}${asked.length === 0 ? '' : `?${asked.join('&')}`}`;
  if (credentials === undefined) return { url, headers: new Headers(headers) };
  const signer = new AwsV4Signer({
    ...{ method, url, headers, region, service: 's3', datetime: new Date(nowMs).toISOString().replace(/[-:]|\.\d+/g, '') },
    ...{ accessKeyId: credentials.accessKey, secretAccessKey: credentials.secretKey },
    ...(credentials.sessionToken !== undefined && { sessionToken: credentials.sessionToken }),
  });
  return { url, headers: (await signer.sign()).headers };
}
