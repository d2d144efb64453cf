// Paths into variants: `$.a['b'][0]`. Source: VariantPathParser of Spark 4.2.
import { AnalysisException } from '../../errors/spark-error.ts';
import { isList, isVariantObject, type Variant } from './variant.ts';

type Step = string | number;
const paths = new Map<string, readonly Step[]>();
const MOST_KEPT = 1_000;

/** @throws AnalysisException INVALID_VARIANT_GET_PATH */
function stepsOf(path: string, functionName: string): readonly Step[] {
  const known = paths.get(path);
  if (known !== undefined) return known;
  const steps: Step[] = [];
  const step = /\[(\d+)\]|\.([^.[]+)|\['([^']*)'\]|\["([^"]*)"\]/y;
  let at = 1;
  for (step.lastIndex = 1; at < path.length; at = step.lastIndex) {
    const found = step.exec(path);
    if (found === null) break;
    const [, index, name, single, double] = found;
    steps.push(index === undefined ? (name ?? single ?? double)! : Number(index));
  }
  if (!path.startsWith('$') || at < path.length)
    throw new AnalysisException('INVALID_VARIANT_GET_PATH', { path, functionName: `\`${functionName}\`` });
  if (paths.size >= MOST_KEPT) paths.clear();
  paths.set(path, steps);
  return steps;
}

/** @returns undefined: nothing is there. @throws AnalysisException INVALID_VARIANT_GET_PATH */
export function variantAt(v: Variant, path: string, functionName: string): Variant | undefined {
  let at: Variant | undefined = v;
  for (const step of stepsOf(path, functionName)) {
    if (at === undefined) return undefined;
    if (typeof step === 'number') at = isList(at) ? at[step] : undefined;
    else at = isVariantObject(at) ? at.entries.find(([key]) => key === step)?.[1] : undefined;
  }
  return at;
}
