// Error conditions of SQL by name, and the sentence that one makes: `[CONDITION] sentence SQLSTATE: nnnnn`.
// Source: org.apache.spark.SparkThrowableHelper of Spark 4.2.
import { ANALYSIS_CONDITIONS } from './analysis-conditions.ts';
import { FUNCTION_CONDITIONS } from './function-conditions.ts';
import { CATALOG_CONDITIONS } from './catalog-conditions.ts';
import { GROUP_CONDITIONS } from './group-conditions.ts';
import { PARSE_CONDITIONS } from './parse-conditions.ts';
import { QUERY_CONDITIONS } from './query-conditions.ts';
import { SCRIPT_CONDITIONS } from './script-conditions.ts';
import { SESSION_CONDITIONS } from './session-conditions.ts';
import { SKETCH_CONDITIONS } from './sketch-conditions.ts';
import { SOURCE_CONDITIONS } from './source-conditions.ts';
import { VALUE_CONDITIONS } from './value-conditions.ts';

export type MessageParameters = { readonly [name: string]: string };

/** By topic; each condition stands in one of them. */
export const CONDITION_LISTS = [
  PARSE_CONDITIONS,
  ANALYSIS_CONDITIONS,
  FUNCTION_CONDITIONS,
  SOURCE_CONDITIONS,
  VALUE_CONDITIONS,
  SESSION_CONDITIONS,
  SCRIPT_CONDITIONS,
  SKETCH_CONDITIONS,
  CATALOG_CONDITIONS,
  QUERY_CONDITIONS,
  GROUP_CONDITIONS,
];
const all = new Map(CONDITION_LISTS.flatMap((list) => Object.entries(list)));
const entryOf = (name: string) => all.get(name);

function templateOf(condition: string): string {
  const [main = '', sub] = condition.split('.');
  const entry = entryOf(main);
  return (sub === undefined ? entry?.[1] : `${entry?.[1]} ${entryOf(condition)?.[1]}`) ?? '';
}

/** With the parameters in their places. A condition that is not in the lists is a defect of ours, and shows as its bare name. */
export function conditionSentence(condition: string, parameters: MessageParameters): string {
  const text = templateOf(condition).replace(/<(\w+)>/g, (whole, name: string) => parameters[name] ?? whole);
  const state = conditionState(condition);
  return state === '' ? `[${condition}] ${text}` : `[${condition}] ${text} SQLSTATE: ${state}`;
}

/** The parameters back from a sentence that has them in their places: what the kernel's errors carry is only text. */
export function parametersOf(condition: string, sentence: string): MessageParameters {
  const parts = templateOf(condition).split(/<(\w+)>/);
  const names = parts.filter((_, i) => i % 2 === 1);
  const pattern = parts.map((part, i) => (i % 2 === 1 ? '([\\s\\S]*?)' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))).join('');
  const match = new RegExp(`\\] ${pattern}(?: SQLSTATE|$)`).exec(sentence);
  return match === null ? {} : Object.fromEntries(names.map((name, i) => [name, match[i + 1]!]));
}

export function conditionState(condition: string): string {
  return entryOf(condition.split('.')[0] as string)?.[0] ?? '';
}
