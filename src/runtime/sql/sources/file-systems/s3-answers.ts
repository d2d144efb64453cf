// What an object store answers in XML, as far as s3-client.ts wants it. Source: Amazon S3's REST API (ListObjectsV2, CreateMultipartUpload, Error).
import type { XMLParser } from 'fast-xml-parser';

export type StoredObject = { readonly key: string; readonly size: number /** Ms since 1970. */; readonly modified: number };
/** `folders`: prefixes, each with a slash at its end. `next`: where the next page begins; undefined: this is the last. */
export type ListPage = {
  readonly objects: readonly StoredObject[];
  readonly folders: readonly string[];
  readonly next: string | undefined;
};

type Answer = {
  readonly ListBucketResult?: {
    readonly Contents?: readonly { readonly Key: string; readonly Size: string; readonly LastModified?: string }[];
    readonly CommonPrefixes?: readonly { readonly Prefix: string }[];
    readonly IsTruncated?: string;
    readonly NextContinuationToken?: string;
  };
  readonly InitiateMultipartUploadResult?: { readonly UploadId: string };
  readonly Error?: { readonly Code?: string; readonly Message?: string };
};

let parser: XMLParser | undefined;
/** Texts stay as they are: blanks at the ends of keys, numbers with zeros in front; `&#x1;` is a character, too. */
async function parsed(xml: string): Promise<Answer> {
  const { XMLParser } = await import('fast-xml-parser');
  const isArray = (name: string): boolean => name === 'Contents' || name === 'CommonPrefixes';
  parser ??= new XMLParser({ parseTagValue: false, trimValues: false, htmlEntities: true, isArray });
  return parser.parse(xml) as Answer;
}

export async function listPage(xml: string): Promise<ListPage> {
  const { Contents = [], CommonPrefixes = [], IsTruncated, NextContinuationToken } = (await parsed(xml)).ListBucketResult ?? {};
  return {
    objects: Contents.map((c) => ({ key: c.Key, size: Number(c.Size), modified: Date.parse(c.LastModified ?? '') })),
    folders: CommonPrefixes.map(({ Prefix }) => Prefix),
    next: IsTruncated === 'true' ? NextContinuationToken : undefined,
  };
}

export const uploadIdOf = async (xml: string): Promise<string | undefined> => (await parsed(xml)).InitiateMultipartUploadResult?.UploadId;

/** @returns undefined: it is no refusal, or (of something between us and the store) no XML at all */
export async function refusalOf(xml: string): Promise<Answer['Error']> {
  return (await parsed(xml).catch(() => undefined))?.Error;
}
