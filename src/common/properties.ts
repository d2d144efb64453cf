// Java's .properties format, as java.util.Properties.load reads it: what spark-defaults.conf and --properties-file are written in.
// Pure: reading the file is the caller's work.

export type Property = readonly [key: string, value: string];

const SPACE = ' \t\f';

/**
 * @returns pairs in the order of the file; of a key given twice the last value counts, at its first place.
 * Values lose white space at both ends, as Spark's Utils.getPropertiesFromFile does. An empty key is dropped.
 */
export function parseProperties(text: string): Property[] {
  const found = new Map<string, string>();
  for (const line of logicalLines(text)) {
    const [key, value] = splitLine(line);
    if (key !== '') found.set(key, value.trim());
  }
  return [...found];
}

/** Joins lines that end in an odd number of backslashes with the next one, without its leading space; drops blanks and comments. */
function logicalLines(text: string): string[] {
  const lines: string[] = [];
  let pending: string | undefined;
  for (const natural of text.split(/\r\n|\n|\r/)) {
    const line = natural.replace(/^[ \t\f]+/, '');
    // A comment or a blank begins a line, it never continues one: `a=1\` + `# x` is the value `1# x`.
    if (pending === undefined && (line === '' || line[0] === '#' || line[0] === '!')) continue;
    const whole: string = (pending ?? '') + line;
    if (/(?:^|[^\\])(?:\\\\)*\\$/.test(whole)) pending = whole.slice(0, -1);
    else {
      lines.push(whole);
      pending = undefined;
    }
  }
  if (pending !== undefined && pending !== '') lines.push(pending);
  return lines;
}

/** The key ends at the first `=`, `:` or white space without a backslash; one `=` or `:` with space around it separates. */
function splitLine(line: string): Property {
  let at = 0;
  while (at < line.length && !`=:${SPACE}`.includes(line[at]!)) at += line[at] === '\\' ? 2 : 1;
  const key = line.slice(0, at);
  while (at < line.length && SPACE.includes(line[at]!)) at++;
  if (line[at] === '=' || line[at] === ':') at++;
  while (at < line.length && SPACE.includes(line[at]!)) at++;
  return [unescape(key), unescape(line.slice(at))];
}

const ESCAPES: Record<string, string> = { t: '\t', n: '\n', r: '\r', f: '\f' };

function unescape(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|([\s\S]))/g, (_, hex: string | undefined, char: string) =>
    hex !== undefined ? String.fromCharCode(Number.parseInt(hex, 16)) : (ESCAPES[char] ?? char),
  );
}
