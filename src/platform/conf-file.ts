// Reads conf/emberloom.yaml: a map of setting names (YARN's, with their dots) to values, flat or nested at the dots. Faults are told
// with file and line. What the names mean is common/config-keys.ts. The package `yaml` is loaded only for a file that needs it: every
// command reads this file, and loading the package takes longer than the rest of a command's start.
import { existsSync, readFileSync } from 'node:fs';
import { AppError } from '../common/errors.ts';
import type { Setting } from '../common/settings.ts';

/** @returns [] when there is no such file @throws AppError CONFIG_BAD_FILE */
export async function readConfFile(file: string): Promise<Setting[]> {
  if (!existsSync(file)) return [];
  const bad = (detail: string) => new AppError('CONFIG_BAD_FILE', { file, detail });
  const text = readFileSync(file, 'utf8');
  const plain = plainSettings(text, file);
  if (plain !== undefined) return plain;
  const { isMap, isScalar, isSeq, LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [error] = document.errors;
  if (error) throw bad(error.message);
  const found: Setting[] = [];
  const walk = (node: unknown, prefix: string): void => {
    if (!isMap(node)) throw bad('expected a map of setting names to values');
    for (const { key, value } of node.items) {
      const at = (key as { range?: [number, number, number] }).range?.[0] ?? 0;
      const name = prefix + String(isScalar(key) ? key.value : key);
      const put = (text: string) => found.push({ name, value: text, where: file, line: lines.linePos(at).line });
      if (isMap(value)) walk(value, `${name}.`);
      else if (isSeq(value)) put(value.toJSON().join(','));
      else if (isScalar(value) && value.value !== null) put(String(value.value));
    }
  };
  if (document.contents !== null) walk(document.contents, '');
  return found;
}

/** A name, and a word or whole number (with a unit) that YAML takes as it stands: no other numbers, no word for nothing. */
const PLAIN_LINE = /^([A-Za-z][\w.-]*):[ \t]+(?!null\b)([a-z/][\w./:+-]*[\w/]|[a-z/]|0|[1-9]\d{0,14}[a-z]*)[ \t]*(?:[ \t]#.*)?$/i;

/** The same settings without the package, when every line is blank, a comment, or plain. A name given twice is the package's to refuse. */
function plainSettings(text: string, file: string): Setting[] | undefined {
  const found = new Map<string, Setting>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^ *(?:#.*)?$/.test(line)) continue;
    const [, name, value] = PLAIN_LINE.exec(line) ?? [];
    if (name === undefined || found.has(name)) return undefined;
    found.set(name, { name, value: value!, where: file, line: index + 1 });
  }
  return [...found.values()];
}
