// A request to an object store with its signature. Source: AWS Signature Version 4 (canonical request, string to sign, derived key), with the payload unsigned:
// what protects it is TLS, or nobody wants it protected.
import { createHash, createHmac } from 'node:crypto';
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
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

const UNSIGNED = 'UNSIGNED-PAYLOAD';

/** @param nowMs the store refuses what is more than 15 minutes off */
export function signedRequest(
  store: ObjectStore,
  request: S3Request,
  nowMs: number,
): { readonly url: string; readonly headers: Record<string, string> } {
  const { bucket, endpoint, isSecure, isPathStyle, credentials } = store;
  const host = isPathStyle ? endpoint : `${bucket}.${endpoint}`;
  const path = `/${[...(isPathStyle ? [bucket] : []), ...request.key.split('/')].map(encoded).join('/')}`;
  const query = Object.entries(request.query ?? {})
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join('&');
  const url = `${isSecure ? 'https' : 'http'}://${host}${path}${query === '' ? '' : `?${query}`}`;
  if (credentials === undefined) return { url, headers: { ...request.headers } };
  const at = new Date(nowMs).toISOString().replace(/[-:]|\.\d+/g, '');
  const headers: Record<string, string> = {
    ...request.headers,
    'x-amz-content-sha256': UNSIGNED,
    'x-amz-date': at,
    ...(credentials.sessionToken !== undefined && { 'x-amz-security-token': credentials.sessionToken }),
  };
  const signed = Object.entries({ ...headers, host })
    .map(([name, value]) => [name.toLowerCase(), value.trim()] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const parts = { method: request.method, path, query, signed, payload: UNSIGNED, at };
  const names = signed.map(([name]) => name).join(';');
  const who = `Credential=${credentials.accessKey}/${scopeOf(store, at)}`;
  return {
    url,
    headers: { ...headers, authorization: `AWS4-HMAC-SHA256 ${who}, SignedHeaders=${names}, Signature=${signatureOf(store, parts)}` },
  };
}

/** A request as the signature sees it: names in lower case and order; path and query as they are sent; `at` like `20240102T030405Z`. */
export type Signable = {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly signed: readonly (readonly [name: string, value: string])[];
  readonly payload: string;
  readonly at: string;
};

const scopeOf = ({ region }: ObjectStore, at: string): string => `${at.slice(0, 8)}/${region}/s3/aws4_request`;

export function signatureOf(store: ObjectStore, { method, path, query, signed, payload, at }: Signable): string {
  const names = signed.map(([name]) => name).join(';');
  const canonical = [method, path, query, ...signed.map(([name, value]) => `${name}:${value}`), '', names, payload].join('\n');
  const secret = `AWS4${store.credentials!.secretKey}`;
  const key = [store.region, 's3', 'aws4_request'].reduce(hmac, hmac(secret, at.slice(0, 8)));
  return hmac(key, ['AWS4-HMAC-SHA256', at, scopeOf(store, at), sha256(canonical)].join('\n')).toString('hex');
}
