// Bodies of requests: JSON, or XML as YARN takes it too, as plain data; and reading them with YARN's refusals. A form is taken for what says so.
import type { FastifyInstance } from 'fastify';
import { badRequest, WebError } from './web-error.ts';

/** Deeper or larger than any body that YARN's services know. */
const MOST_XML_BYTES = 1 << 20;

export function bodyParsers(app: FastifyInstance): void {
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => {
    try {
      done(null, text === '' ? undefined : JSON.parse(text as string, safely));
    } catch (error) {
      done(new WebError(400, 'javax.ws.rs.WebApplicationException', `The body is no JSON: ${(error as Error).message}`));
    }
  });
  app.addContentTypeParser(
    ['application/xml', 'text/xml'],
    { parseAs: 'string', bodyLimit: MOST_XML_BYTES },
    async (_request: unknown, text: string) => fromXml(text),
  );
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, text, done) =>
    done(null, Object.fromEntries(new URLSearchParams(text as string))),
  );
}

/** What would change an object's kind has no place in data. */
const safely = (key: string, value: unknown): unknown => (key === '__proto__' ? undefined : value);

/** The root's name says nothing. No document type, so no entities: they would be text that grows. @throws WebError 400 */
async function fromXml(text: string): Promise<unknown> {
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw badRequest('The body may have no document type.');
  const { XMLParser } = await import('fast-xml-parser');
  try {
    const parsed = new XMLParser({ ignoreAttributes: true, parseTagValue: false, ignoreDeclaration: true, processEntities: true }).parse(
      text,
      true,
    );
    return Object.values(parsed as Record<string, unknown>)[0];
  } catch (error) {
    throw badRequest(`The body is no XML: ${(error as Error).message}`);
  }
}

type Fields = Readonly<Record<string, unknown>>;

/** @throws WebError 400 when it is no object */
export function fieldsOf(body: unknown, what = 'The body'): Fields {
  if (body === null || typeof body !== 'object' || Array.isArray(body)) throw badRequest(`${what} must be an object.`);
  return body as Fields;
}

/** @throws WebError 400 */
export function textField(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw badRequest(`${name} must be text.`);
}

/** @throws WebError 400 */
export function wholeField(fields: Fields, name: string): number | undefined {
  const value = textField(fields, name);
  if (value === undefined || value === '') return undefined;
  if (!/^-?\d{1,15}$/.test(value)) throw badRequest(`${name} must be a whole number, not ${JSON.stringify(value.slice(0, 40))}.`);
  return Number(value);
}

/** @throws WebError 400 */
export function boolField(fields: Fields, name: string): boolean | undefined {
  const value = textField(fields, name)?.toLowerCase();
  if (value === undefined || value === '') return undefined;
  if (value !== 'true' && value !== 'false') throw badRequest(`${name} must be true or false.`);
  return value === 'true';
}

/** JAXB's lists: one, or several, or none. */
export const listField = (fields: Fields, name: string): readonly unknown[] => {
  const value = fields[name];
  if (value === undefined || value === null || value === '') return [];
  return Array.isArray(value) ? value : [value];
};

/** `{entry: [{key, value}]}` @throws WebError 400 */
export function entriesField(fields: Fields, name: string): (readonly [string, unknown])[] {
  const map = fields[name];
  if (map === undefined || map === null || map === '') return [];
  return listField(fieldsOf(map, name), 'entry').map((entry) => {
    const { key, value } = fieldsOf(entry, `${name}.entry`);
    if (typeof key !== 'string' || key === '') throw badRequest(`${name}: an entry has no key.`);
    return [key, value] as const;
  });
}
