// Reads the file that names the pools of FAIR scheduling: Spark's fairscheduler.xml, or the same as YAML. What properties mean is
// runtime/driver/service/fair-pools.ts. The packages are loaded only for an application that has such a file.
//
//   <allocations><pool name="production"><schedulingMode>FAIR</schedulingMode><weight>2</weight><minShare>3</minShare></pool></allocations>
//   production: { schedulingMode: FAIR, weight: 2, minShare: 3 }
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '../common/errors.ts';

export type PoolEntry = { readonly name: string; readonly properties: Readonly<Record<string, string>> };

const USUAL_NAMES = ['fairscheduler.xml', 'fairscheduler.yaml'];

/**
 * @param given spark.scheduler.allocation.file: a path or a file: URL; undefined: fairscheduler.xml or .yaml in the folder of settings
 * @returns undefined when none is given and none is there @throws AppError CONFIG_BAD_FILE
 */
export async function readAllocationFile(
  given: string | undefined,
  confDir: string,
): Promise<{ file: string; pools: PoolEntry[] } | undefined> {
  const file = given === undefined ? USUAL_NAMES.map((name) => path.join(confDir, name)).find((at) => existsSync(at)) : placeOf(given);
  if (file === undefined) return undefined;
  try {
    const text = readFileSync(file, 'utf8');
    return { file, pools: /\.ya?ml$/i.test(file) ? await fromYaml(text) : await fromXml(text) };
  } catch (error) {
    throw new AppError('CONFIG_BAD_FILE', { file, detail: (error as Error).message }, { cause: error });
  }
}

const placeOf = (given: string): string => (given.startsWith('file://') ? fileURLToPath(given) : path.resolve(given.replace(/^file:/, '')));

async function fromYaml(text: string): Promise<PoolEntry[]> {
  const { parse } = await import('yaml');
  const pools = mapOf(parse(text) ?? {}, 'a map of pools');
  return Object.entries(pools).map(([name, properties]) => ({
    name,
    properties: Object.fromEntries(
      Object.entries(mapOf(properties ?? {}, `a map of properties for pool ${name}`)).map(([key, value]) => [key, String(value)]),
    ),
  }));
}

async function fromXml(text: string): Promise<PoolEntry[]> {
  const { XMLParser, XMLValidator } = await import('fast-xml-parser');
  const valid = XMLValidator.validate(text);
  if (valid !== true) throw new Error(`line ${valid.err.line}: ${valid.err.msg}`);
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@', parseTagValue: false, processEntities: false });
  const { allocations } = mapOf(parser.parse(text), 'an element <allocations>');
  if (allocations === undefined) throw new Error('expected an element <allocations>');
  if (allocations === '') return [];
  const { pool } = mapOf(allocations, 'elements <pool> in <allocations>');
  return (pool === undefined ? [] : Array.isArray(pool) ? pool : [pool]).map((element: unknown) => {
    const found = mapOf(element, 'a <pool> with a name');
    const name = found['@name'];
    if (typeof name !== 'string' || name === '') throw new Error('a <pool> has no name');
    const properties = Object.entries(found).filter(([key, value]) => !key.startsWith('@') && typeof value === 'string');
    return { name, properties: Object.fromEntries(properties) as Record<string, string> };
  });
}

function mapOf(value: unknown, expected: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`expected ${expected}`);
  return value as Record<string, unknown>;
}
