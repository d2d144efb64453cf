// Reads a YAML file of properties: a map of names to values, nested maps flattened with dots, each with its line. Faults of the
// YAML itself are told with line; what the names mean is the reader's business. The package is loaded at the first use.
import { readFileSync } from 'node:fs';
import { AppError } from '../common/errors.ts';

/** A list stays a list, a scalar a scalar; `line` counts from 1. */
export type YamlProperty = { readonly name: string; readonly value: unknown; readonly line: number };
/** `fault` has the line of the first fault of the YAML; `properties` are those before it. */
export type YamlFile = {
  readonly properties: readonly YamlProperty[];
  readonly fault?: { readonly line: number; readonly detail: string };
};

/** @throws AppError CONFIG_BAD_FILE when the file can't be read */
export async function readYamlFile(file: string): Promise<YamlFile> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new AppError('CONFIG_BAD_FILE', { file, detail: (error as Error).message });
  }
  return parseYamlProperties(text);
}

export async function parseYamlProperties(text: string): Promise<YamlFile> {
  const { isMap, isScalar, isSeq, LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const properties: YamlProperty[] = [];
  const lineOf = (node: unknown): number => lines.linePos((node as { range?: [number, number, number] } | null)?.range?.[0] ?? 0).line;
  let fault: YamlFile['fault'];
  const [error] = document.errors;
  if (error)
    return {
      properties,
      fault: { line: error.linePos?.[0].line ?? lines.linePos(error.pos[0]).line, detail: error.message.split('\n')[0]! },
    };
  const walk = (node: unknown, prefix: string): void => {
    if (!isMap(node)) {
      fault ??= { line: lineOf(node), detail: 'expected a map of property names to values' };
      return;
    }
    for (const { key, value } of node.items) {
      const name = prefix + String(isScalar(key) ? key.value : key);
      const line = lineOf(key);
      if (isMap(value)) walk(value, `${name}.`);
      else properties.push({ name, line, value: isSeq(value) ? value.toJSON() : isScalar(value) ? value.value : null });
    }
  };
  if (document.contents !== null) walk(document.contents, '');
  return fault === undefined ? { properties } : { properties, fault };
}
