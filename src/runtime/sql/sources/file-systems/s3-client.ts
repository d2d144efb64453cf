// What we ask of an object store ourselves: lists, sizes, bytes of text files, uploads. The kernel reads by its own client (httpfs).
// Source: Amazon S3's REST API, as far as other stores have it.
import type { ObjectStore } from '../../../../common/object-store.ts';
import { AnalysisException } from '../../errors/spark-error.ts';
import { type S3Request, signedRequest } from './sign-request.ts';

export type StoredObject = { readonly key: string; readonly size: number /** Ms since 1970. */; readonly modified: number };
export type Listed = {
  readonly objects: readonly StoredObject[] /** Prefixes, each with a slash at its end. */;
  readonly folders: readonly string[];
};

const [TRIES, FIRST_WAIT_MS] = [4, 100];

export class S3Client {
  readonly #store: ObjectStore;

  constructor(store: ObjectStore) {
    this.#store = store;
  }

  /** Objects and folders right below a prefix. */
  async list(prefix: string, most?: number): Promise<Listed> {
    const [objects, folders]: [StoredObject[], string[]] = [[], []];
    for (let next: string | undefined = ''; next !== undefined; ) {
      const query: Record<string, string> = { 'list-type': '2', prefix, delimiter: '/' };
      if (next !== '') query['continuation-token'] = next;
      if (most !== undefined) query['max-keys'] = String(most);
      const xml = await (await this.#ask({ method: 'GET', key: '', query })).text();
      for (const [, one] of xml.matchAll(/<Contents>([\s\S]*?)<\/Contents>/g))
        objects.push({ key: tag(one!, 'Key')!, size: Number(tag(one!, 'Size')), modified: Date.parse(tag(one!, 'LastModified') ?? '') });
      for (const [, one] of xml.matchAll(/<CommonPrefixes>([\s\S]*?)<\/CommonPrefixes>/g)) folders.push(tag(one!, 'Prefix')!);
      next = most === undefined && tag(xml, 'IsTruncated') === 'true' ? tag(xml, 'NextContinuationToken') : undefined;
    }
    return { objects, folders };
  }

  /** @returns undefined when there is no such object */
  async head(key: string): Promise<StoredObject | undefined> {
    const reply = await this.#ask({ method: 'HEAD', key }, undefined, [404]);
    if (reply.status === 404) return undefined;
    const modified = Date.parse(reply.headers.get('last-modified') ?? '');
    return { key, size: Number(reply.headers.get('content-length')), modified };
  }

  /** Bytes [first, end) of an object. */
  async bytes(key: string, first: number, end: number): Promise<Uint8Array> {
    const reply = await this.#ask({ method: 'GET', key, headers: { range: `bytes=${first}-${end - 1}` } });
    return new Uint8Array(await reply.arrayBuffer());
  }

  async put(key: string, body: Uint8Array): Promise<void> {
    await this.#ask({ method: 'PUT', key }, body);
  }

  /** @returns an upload whose parts nobody sees */
  async beginUpload(key: string): Promise<string> {
    const xml = await (await this.#ask({ method: 'POST', key, query: { uploads: '' } })).text();
    return tag(xml, 'UploadId')!;
  }

  /** @param part from 1. @returns its tag */
  async uploadPart(key: string, uploadId: string, part: number, body: Uint8Array): Promise<string> {
    return (await this.#ask({ method: 'PUT', key, query: { partNumber: String(part), uploadId } }, body)).headers.get('etag') ?? '';
  }

  /** From now on the object is there, whole. */
  async completeUpload(key: string, uploadId: string, tags: readonly string[]): Promise<void> {
    const parts = tags
      .map((etag, i) => `<Part><PartNumber>${i + 1}</PartNumber><ETag>${etag.replaceAll('"', '&quot;')}</ETag></Part>`)
      .join('');
    const body = Buffer.from(`<CompleteMultipartUpload>${parts}</CompleteMultipartUpload>`);
    const reply = await (await this.#ask({ method: 'POST', key, query: { uploadId } }, body)).text();
    // A store may say 200 first and think again.
    if (/<Error>/.test(reply)) throw this.#failure(key, 200, reply);
  }

  async abortUpload(key: string, uploadId: string): Promise<void> {
    await this.#ask({ method: 'DELETE', key, query: { uploadId } }, undefined, [404]);
  }

  async delete(key: string): Promise<void> {
    await this.#ask({ method: 'DELETE', key }, undefined, [404]);
  }

  /** Each request may be repeated without harm: a store that is busy, and a line that breaks, are asked again. @param fine statuses that are answers */
  async #ask(request: S3Request, body?: Uint8Array, fine: readonly number[] = []): Promise<Response> {
    for (let tries = 1; ; tries++) {
      const { url, headers } = signedRequest(this.#store, request, Date.now());
      const asked = { method: request.method, headers, ...(body && { body: body as unknown as Blob }) };
      const reply = await fetch(url, asked).catch((error: Error) => error);
      if (!(reply instanceof Error) && (reply.ok || fine.includes(reply.status))) return reply;
      const isBusy = reply instanceof Error || reply.status >= 500 || reply.status === 429;
      if (!isBusy || tries === TRIES) {
        if (!(reply instanceof Error)) throw this.#failure(request.key, reply.status, await reply.text());
        throw this.#failure(request.key, 0, `<Message>${String((reply.cause as Error | undefined)?.message ?? reply.message)}</Message>`);
      }
      if (!(reply instanceof Error)) await reply.arrayBuffer();
      await new Promise((resolve) => setTimeout(resolve, FIRST_WAIT_MS * 2 ** tries));
    }
  }

  #failure(key: string, status: number, xml: string): AnalysisException {
    const code = tag(xml, 'Code') ?? (status === 0 ? 'no answer' : `HTTP ${status}`);
    return new AnalysisException('FAILED_OBJECT_STORE', {
      path: `s3a://${this.#store.bucket}/${key}`,
      endpoint: this.#store.endpoint,
      words: `${code}${tag(xml, 'Message') ? `: ${tag(xml, 'Message')}` : ''}`,
    });
  }
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
function tag(xml: string, name: string): string | undefined {
  const text = new RegExp(`<${name}>([\\s\\S]*?)</${name}>`).exec(xml)?.[1];
  return text?.replace(/&(?:#(\d+)|#x([0-9a-fA-F]+)|(\w+));/g, (whole, decimal, hex, named) =>
    decimal || hex
      ? String.fromCodePoint(decimal ? Number(decimal) : Number.parseInt(hex as string, 16))
      : (ENTITIES[named as string] ?? whole),
  );
}
