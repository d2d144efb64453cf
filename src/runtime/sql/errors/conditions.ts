// Error conditions of SQL by name, and the sentence that one makes: `[CONDITION] sentence SQLSTATE: nnnnn`.
// Source: org.apache.spark.SparkThrowableHelper of Spark 4.2.
import { ANALYSIS_CONDITIONS } from './analysis-conditions.ts';
import { PARSE_CONDITIONS } from './parse-conditions.ts';

export type MessageParameters = { readonly [name: string]: string };

const entryOf = (name: string) => PARSE_CONDITIONS[name] ?? ANALYSIS_CONDITIONS[name];

/** With the parameters in their places. A condition that is not in the lists is a defect of ours, and shows as its bare name. */
export function conditionSentence(condition: string, parameters: MessageParameters): string {
  const [main = '', sub] = condition.split('.');
  const entry = entryOf(main);
  const template = sub === undefined ? entry?.[1] : `${entry?.[1]} ${entryOf(condition)?.[1]}`;
  const text = (template ?? '').replace(/<(\w+)>/g, (whole, name: string) => parameters[name] ?? whole);
  const state = conditionState(condition);
  return state === '' ? `[${condition}] ${text}` : `[${condition}] ${text} SQLSTATE: ${state}`;
}

export function conditionState(condition: string): string {
  return entryOf(condition.split('.')[0] as string)?.[0] ?? '';
}
