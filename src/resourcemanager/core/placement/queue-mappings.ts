// Placement rules of the capacity scheduler as its file has them: yarn.scheduler.capacity.queue-mappings (`u:ada:etl,g:staff:root.staff`)
// and queue-mappings-override.enable. The JSON form is mapping-rules.ts; what rules do is rules.ts.
// Source: YARN's CapacitySchedulerConfiguration.getMappingRules and MappingRule.createLegacyRule; `t:` (by tag) is ours.
import { AppError } from '../../../common/errors.ts';
import { mappingRules } from './mapping-rules.ts';
import { type Matcher, NO_RULES, type PlacementRules, type Rule, unknownVariable } from './rules.ts';

/** One property of a file, as platform/yaml-file.ts gives it. */
export type Property = { readonly name: string; readonly value: unknown; readonly line: number };

const PREFIX = 'yarn.scheduler.capacity.';
export const MAPPINGS = `${PREFIX}queue-mappings`;
export const OVERRIDE = `${PREFIX}queue-mappings-override.enable`;
export const FORMAT = `${PREFIX}mapping-rule-format`;
export const JSON_RULES = `${PREFIX}mapping-rule-json`;
const NAMES: readonly string[] = [MAPPINGS, OVERRIDE, FORMAT, JSON_RULES];

/** The properties that are not placement's: what queuesFrom is given. */
export const withoutPlacement = <P extends Property>(properties: readonly P[]): P[] => properties.filter((p) => !NAMES.includes(p.name));

/** @throws AppError QUEUE_CONFIG_INVALID with the line; nothing of a bad file is taken */
export function placementFrom(file: string, properties: readonly Property[]): PlacementRules {
  const refuse = (line: number, detail: string): never => {
    throw new AppError('QUEUE_CONFIG_INVALID', { file, line, detail });
  };
  const last = (name: string): Property | undefined => {
    const all = properties.filter((p) => p.name === name);
    if (all.length > 1) refuse(all[1]!.line, `${name} is set twice (before on line ${all[0]!.line})`);
    return all[0];
  };
  const [mappings, override, format, json] = [last(MAPPINGS), last(OVERRIDE), last(FORMAT), last(JSON_RULES)];
  const isJson = format !== undefined && String(format.value).toLowerCase() === 'json';
  if (format !== undefined && !isJson && String(format.value).toLowerCase() !== 'legacy')
    refuse(format.line, `${FORMAT} is ${JSON.stringify(format.value)}; expected legacy or json`);
  if (json !== undefined && !isJson) refuse(json.line, `${JSON_RULES} needs ${FORMAT}: json`);
  if (mappings !== undefined && isJson) refuse(mappings.line, `${MAPPINGS} and ${FORMAT}: json exclude each other`);
  const overrides = override === undefined ? false : flagOf(override, refuse);
  if (isJson) {
    if (json === undefined) return refuse(format.line, `${FORMAT} is json, and ${JSON_RULES} is missing`);
    return { rules: mappingRules(json, refuse), override: overrides, atEnd: 'specified' };
  }
  if (mappings === undefined) return { ...NO_RULES, override: overrides };
  return { rules: itemsOf(mappings.value).map((item) => legacyRule(item, mappings, refuse)), override: overrides, atEnd: 'specified' };
}

type Refuse = (line: number, detail: string) => never;

function flagOf({ name, value, line }: Property, refuse: Refuse): boolean {
  const text = String(value).toLowerCase();
  if (text !== 'true' && text !== 'false') refuse(line, `${name} is ${JSON.stringify(value)}; expected true or false`);
  return text === 'true';
}

const itemsOf = (value: unknown): string[] =>
  (Array.isArray(value) ? value.map(String) : String(value ?? '').split(',')).map((item) => item.trim()).filter((item) => item !== '');

const KINDS: Readonly<Record<string, Exclude<Matcher['by'], 'any'>>> = { u: 'user', g: 'group', a: 'application', t: 'tag' };
/** What stands for "whoever it is" in the second part. */
const ANYBODY: Readonly<Record<string, string>> = { u: '%user', a: '%application' };

function legacyRule(item: string, { line }: Property, refuse: Refuse): Rule {
  const parts = item.split(':').map((part) => part.trim());
  const [kind = '', who = '', queue = ''] = parts;
  const by = KINDS[kind];
  if (parts.length !== 3 || by === undefined || who === '' || queue === '')
    return refuse(
      line,
      `${JSON.stringify(item)} is no queue mapping; expected u:USER:QUEUE, g:GROUP:QUEUE, a:APPLICATION:QUEUE or t:TAG:QUEUE`,
    );
  const unknown = unknownVariable(queue);
  if (unknown !== undefined) return refuse(line, `${JSON.stringify(item)}: there is no variable ${unknown}`);
  if (who.startsWith('%') && ANYBODY[kind] !== who)
    return refuse(line, `${JSON.stringify(item)}: ${who} can't stand there; u: takes %user, a: takes %application`);
  const when: Matcher = ANYBODY[kind] === who ? { by: 'any' } : { by, is: who };
  return { when, says: item, action: { do: 'place', queue, create: true, otherwise: 'skip' } };
}
