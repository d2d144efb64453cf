// Reads conf/emberloom.yaml: a map of setting names (YARN's, with their dots) to values, flat or nested at the dots; and below it the
// yarn-site.xml of the same folder, where there is one. Faults are told with file and line. What the names mean is common/config-keys.ts. The package `yaml` is loaded only for a file that needs it: every
// command reads this file, and loading the package takes longer than the rest of a command's start.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError } from '../common/errors.ts';
import type { Logger } from '../common/ports.ts';
import type { Setting, Settings } from '../common/settings.ts';
import { withoutEffectText } from '../common/site-xml.ts';

/** @returns [] when there is no such file @throws AppError CONFIG_BAD_FILE */
export async function readConfFile(file: string): Promise<Setting[]> {
  return [...(await readSiteFile(join(dirname(file), 'yarn-site.xml'))), ...(await readYamlSettings(file))];
}

/** Loaded only where there is such a file: few have one, and every command reads its settings. */
async function readSiteFile(file: string): Promise<Setting[]> {
  if (!existsSync(file)) return [];
  const { siteProperties } = await import('../common/site-xml.ts');
  const { properties, fault } = siteProperties(readFileSync(file, 'utf8'));
  if (fault !== undefined) throw new AppError('CONFIG_BAD_FILE', { file, detail: `line ${fault.line}: ${fault.detail}` });
  return properties.map((p) => ({ ...p, where: file, forYarn: true }));
}

/** One warning for each file that was written for YARN. */
export function tellWithoutEffect({ withoutEffect }: Settings, logger: Logger): void {
  for (const file of new Set(withoutEffect.map(({ where }) => where))) {
    const text = withoutEffectText(
      file,
      withoutEffect.filter(({ where }) => where === file),
    );
    if (text !== undefined) logger.warn(text);
  }
}

async function readYamlSettings(file: string): Promise<Setting[]> {
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
