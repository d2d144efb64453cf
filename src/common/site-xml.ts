// Hadoop's files of properties (yarn-site.xml, capacity-scheduler.xml) as names and values with their lines. `${other}` stands for the
// value of another property of the same file. Pure; what the names mean is the reader's business. Source: Hadoop's Configuration.
import { parseXml, type XmlElement, type XmlFault } from './xml-lines.ts';

export type SiteProperty = { readonly name: string; readonly value: string; readonly line: number };

/** As in Hadoop, deeper chains are a circle. */
const MOST_STEPS = 20;

/** A name that is set again is set anew: its last line counts. */
export function siteProperties(text: string): { readonly properties: readonly SiteProperty[]; readonly fault?: XmlFault } {
  const parsed = parseXml(text);
  if ('fault' in parsed) return { properties: [], fault: parsed.fault };
  const { root } = parsed;
  if (root.tag !== 'configuration')
    return { properties: [], fault: { line: root.line, detail: `expected <configuration>, not <${root.tag}>` } };
  const found = new Map<string, SiteProperty>();
  for (const child of root.children) {
    if (child.tag !== 'property') return { properties: [], fault: { line: child.line, detail: `expected <property>, not <${child.tag}>` } };
    const name = textOf(child, 'name');
    if (!name) return { properties: [], fault: { line: child.line, detail: 'a <property> has no <name>' } };
    const value = textOf(child, 'value');
    // Without a value it says nothing, as in Hadoop.
    if (value === undefined) continue;
    found.delete(name);
    found.set(name, { name, value, line: child.line });
  }
  return { properties: [...found.values()].map((p) => ({ ...p, value: expanded(p.value, found) })) };
}

/** One warning for all of a file; undefined when there is nothing to tell. */
export function withoutEffectText(
  file: string,
  properties: readonly { readonly name: string; readonly line: number }[],
): string | undefined {
  if (properties.length === 0) return undefined;
  const names = properties.map(({ name, line }) => `${name} (line ${line})`).join(', ');
  return `${file}: ${properties.length === 1 ? 'one property has' : `${properties.length} properties have`} no effect here: ${names}. docs/COMING-FROM-YARN.md says what is there instead.`;
}

const textOf = (property: XmlElement, tag: string): string | undefined => property.children.find((c) => c.tag === tag)?.text;

/** What the file does not set stays as it stands. */
function expanded(value: string, all: ReadonlyMap<string, SiteProperty>): string {
  let text = value;
  for (let step = 0; step < MOST_STEPS; step++) {
    const next = text.replace(/\$\{([^}$\s]+)\}/g, (whole, name: string) => all.get(name)?.value ?? whole);
    if (next === text) break;
    text = next;
  }
  return text;
}
