// A small object store in the test's own process: objects in memory, ListObjectsV2 with pages, ranges, multipart uploads. Signatures are checked, so
// whoever asks has the keys, be it our own client or the kernel's.
import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export type S3Server = {
  readonly endpoint: string;
  readonly objects: Map<string, Buffer>;
  /** Method and path of each request, in order. */
  readonly asked: string[];
  /** Bytes of objects that were sent. */
  sentBytes: number;
  /** Uploads that are neither completed nor aborted. */
  readonly uploads: ReadonlyMap<string, unknown>;
  /** Answers requests instead of the store, as long as it says something. */
  instead: ((request: string) => number | undefined) | undefined;
  close(): void;
};

export const KEYS = { accessKey: 'AKIDTEST', secretKey: 'a/secret+that=nobody knows' };
/** Settings for the sessions that use it. */
export const s3Settings = ({ endpoint }: S3Server): Record<string, string> => ({
  'spark.hadoop.fs.s3a.endpoint': `http://${endpoint}`,
  'spark.hadoop.fs.s3a.path.style.access': 'true',
  'spark.hadoop.fs.s3a.access.key': KEYS.accessKey,
  'spark.hadoop.fs.s3a.secret.key': KEYS.secretKey,
});

const MODIFIED = 'Tue, 02 Jan 2024 03:04:05 GMT';
const escaped = (text: string): string => text.replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c]!);

export async function startS3(pageSize = 2): Promise<S3Server> {
  const objects = new Map<string, Buffer>();
  const uploads = new Map<string, Map<number, Buffer>>();
  const asked: string[] = [];
  const made = { objects, uploads, asked, endpoint: '', sentBytes: 0, instead: undefined, close: () => {} } as {
    -readonly [K in keyof S3Server]: S3Server[K];
  };

  const answer = (request: IncomingMessage, body: Buffer, reply: ServerResponse): void => {
    const url = new URL(request.url!, 'http://store');
    const path = decodeURIComponent(url.pathname).slice(1);
    asked.push(`${request.method} ${path}${url.search}`);
    const say = (status: number, content: string | Buffer = '', headers: Record<string, string> = {}) =>
      reply
        .writeHead(status, { 'content-length': String(headers['content-length'] ?? Buffer.byteLength(content)), ...headers })
        .end(request.method === 'HEAD' ? '' : content);
    const refuse = (status: number, code: string) =>
      say(status, `<Error><Code>${code}</Code><Message>as the test wants it</Message></Error>`);
    const other = made.instead?.(asked.at(-1)!);
    if (other !== undefined) return void refuse(other, 'Unwilling');
    if (!isSigned(request, url)) return void refuse(403, 'SignatureDoesNotMatch');
    const query = url.searchParams;
    const object = objects.get(path);
    if (query.has('list-type')) return void say(200, listing(objects, path.replace(/\/$/, ''), query, pageSize));
    if (request.method === 'POST' && query.has('uploads')) {
      const id = `upload-${asked.length}`;
      uploads.set(id, new Map());
      return void say(200, `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`);
    }
    const upload = query.get('uploadId');
    if (upload !== null && request.method === 'PUT') uploads.get(upload)!.set(Number(query.get('partNumber')), body);
    else if (upload !== null && request.method === 'POST') {
      objects.set(path, Buffer.concat([...uploads.get(upload)!].sort(([a], [b]) => a - b).map(([, part]) => part)));
      uploads.delete(upload);
    } else if (upload !== null) uploads.delete(upload);
    else if (request.method === 'PUT') objects.set(path, body);
    else if (request.method === 'DELETE') objects.delete(path);
    else {
      if (object === undefined) return void refuse(404, 'NoSuchKey');
      const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
      const part = first === undefined ? object : object.subarray(Number(first), last ? Number(last) + 1 : undefined);
      if (request.method === 'GET') made.sentBytes += part.length;
      return void say(first === undefined ? 200 : 206, part, {
        'last-modified': MODIFIED,
        'accept-ranges': 'bytes',
        etag: etagOf(object),
        ...(first !== undefined && { 'content-range': `bytes ${first}-${Number(first) + part.length - 1}/${object.length}` }),
      });
    }
    say(200, '<Result/>', { etag: etagOf(body) });
  };
  const server = createServer((request, reply) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part)).on('end', () => answer(request, Buffer.concat(parts), reply));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  made.endpoint = `127.0.0.1:${(server.address() as { port: number }).port}`;
  made.close = () => {
    server.closeAllConnections();
    server.close();
  };
  return made;
}

const etagOf = (bytes: Buffer): string => `"${createHash('md5').update(bytes).digest('hex')}"`;

function listing(objects: ReadonlyMap<string, Buffer>, bucket: string, query: URLSearchParams, pageSize: number): string {
  const [prefix, delimiter] = [query.get('prefix') ?? '', query.get('delimiter') ?? ''];
  const keys = [...objects.keys()].filter((key) => key.startsWith(`${bucket}/${prefix}`)).map((key) => key.slice(bucket.length + 1));
  const cut = (key: string): string => {
    const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    return at < 0 ? key : key.slice(0, at + 1);
  };
  const entries = [...new Set(keys.map(cut))].sort();
  const from = Number(query.get('continuation-token') ?? 0);
  const page = entries.slice(from, from + Math.min(pageSize, Number(query.get('max-keys') ?? pageSize)));
  const isFolder = (entry: string) => !keys.includes(entry);
  const contents = page
    .filter((entry) => !isFolder(entry))
    .map((key) => {
      const bytes = objects.get(`${bucket}/${key}`)!;
      return `<Contents><Key>${escaped(key)}</Key><LastModified>${new Date(MODIFIED).toISOString()}</LastModified><ETag>${etagOf(bytes)}</ETag><Size>${bytes.length}</Size></Contents>`;
    });
  const folders = page.filter(isFolder).map((entry) => `<CommonPrefixes><Prefix>${escaped(entry)}</Prefix></CommonPrefixes>`);
  const rest = from + page.length < entries.length;
  const next = rest ? `<NextContinuationToken>${from + page.length}</NextContinuationToken>` : '';
  return `<?xml version="1.0"?><ListBucketResult><Name>${bucket}</Name><IsTruncated>${rest}</IsTruncated>${next}${contents.join('')}${folders.join('')}</ListBucketResult>`;
}

function isSigned(request: IncomingMessage, url: URL): boolean {
  const [, key, day, region, names, signature] =
    /Credential=([^/]+)\/(\d+)\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=(\w+)/.exec(
      request.headers.authorization ?? '',
    ) ?? [];
  if (key !== KEYS.accessKey) return false;
  const signed = names!.split(';').map((name) => [name, String(request.headers[name] ?? '')] as const);
  const query = url.search
    .slice(1)
    .split('&')
    .filter((part) => part !== '')
    .map((part) => (part.includes('=') ? part : `${part}=`))
    .sort()
    .join('&');
  const payload = String(request.headers['x-amz-content-sha256']);
  const at = String(request.headers['x-amz-date']);
  const canonical = [request.method, url.pathname, query, ...signed.map(([name, value]) => `${name}:${value}`), '', names, payload];
  const secret = [region!, 's3', 'aws4_request'].reduce(hmac, hmac(`AWS4${KEYS.secretKey}`, day!));
  const scope = `${day}/${region}/s3/aws4_request`;
  const digest = createHash('sha256').update(canonical.join('\n')).digest('hex');
  return at.startsWith(day!) && hmac(secret, ['AWS4-HMAC-SHA256', at, scope, digest].join('\n')).toString('hex') === signature;
}

/** Of Signature Version 4, in our own words: what signs is a library. */
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
