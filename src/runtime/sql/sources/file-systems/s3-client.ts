// What we ask of an object store ourselves: lists, sizes, bytes of text files, uploads. The kernel reads by its own client (httpfs).
// Source: Amazon S3's REST API, as far as other stores have it.
import type { ObjectStore } from '../../../../common/object-store.ts';
import { AnalysisException } from '../../errors/spark-error.ts';
import { type ListPage, listPage, refusalOf, type StoredObject, uploadIdOf } from './s3-answers.ts';
import { type S3Request, signedRequest } from './sign-request.ts';

const [TRIES, FIRST_WAIT_MS] = [4, 100];

export class S3Client {
  readonly #store: ObjectStore;

  constructor(store: ObjectStore) {
    this.#store = store;
  }

  /** Objects and folders right below a prefix. */
  async list(prefix: string, most?: number): Promise<Omit<ListPage, 'next'>> {
    const [objects, folders]: [StoredObject[], string[]] = [[], []];
    for (let next: string | undefined = ''; next !== undefined; ) {
      const query: Record<string, string> = { 'list-type': '2', prefix, delimiter: '/' };
      if (next !== '') query['continuation-token'] = next;
      if (most !== undefined) query['max-keys'] = String(most);
      const page = await listPage(await (await this.#ask({ method: 'GET', key: '', query })).text());
      objects.push(...page.objects);
      folders.push(...page.folders);
      next = most === undefined ? page.next : undefined;
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
    const id = await uploadIdOf(xml);
    if (id === undefined) throw this.#failure(key, 'no upload was begun');
    return id;
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
    const refusal = await refusalOf(reply);
    if (refusal !== undefined) throw this.#failure(key, wordsOf(refusal, 200));
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
      const { url, headers } = await signedRequest(this.#store, request, Date.now());
      const asked = { method: request.method, headers, ...(body && { body: body as unknown as Blob }) };
      const reply = await fetch(url, asked).catch((error: Error) => error);
      if (!(reply instanceof Error) && (reply.ok || fine.includes(reply.status))) return reply;
      const isBusy = reply instanceof Error || reply.status >= 500 || reply.status === 429;
      if (!isBusy || tries === TRIES) {
        const words =
          reply instanceof Error
            ? `no answer: ${(reply.cause as Error | undefined)?.message ?? reply.message}`
            : wordsOf(await refusalOf(await reply.text()), reply.status);
        throw this.#failure(request.key, words);
      }
      if (!(reply instanceof Error)) await reply.arrayBuffer();
      await new Promise((resolve) => setTimeout(resolve, FIRST_WAIT_MS * 2 ** tries));
    }
  }

  #failure(key: string, words: string): AnalysisException {
    return new AnalysisException('FAILED_OBJECT_STORE', {
      path: `s3a://${this.#store.bucket}/${key}`,
      endpoint: this.#store.endpoint,
      words,
    });
  }
}

const wordsOf = (refusal: Awaited<ReturnType<typeof refusalOf>>, status: number): string =>
  `${refusal?.Code ?? `HTTP ${status}`}${refusal?.Message ? `: ${refusal.Message}` : ''}`;
