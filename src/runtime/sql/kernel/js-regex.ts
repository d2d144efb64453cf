// java.util.regex by JavaScript's regular expressions: what is spelled otherwise is rewritten, compiled patterns are kept.
// Not the same: possessive quantifiers and atomic groups give back as greedy ones do. Source: regexpExpressions.scala of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import { byRow, type JsFunction, jsFunction } from './js-function.ts';

const CLASSES: { readonly [name: string]: string } = {
  Lower: 'a-z',
  Upper: 'A-Z',
  Alpha: 'a-zA-Z',
  Digit: '0-9',
  Alnum: 'a-zA-Z0-9',
  Punct: '!-\\/:-@\\[-`\\{-~',
  Space: ' \\t\\n\\v\\f\\r',
  Blank: ' \\t',
  XDigit: '0-9a-fA-F',
  ASCII: '\\x00-\\x7F',
  Cntrl: '\\x00-\\x1F\\x7F',
  Graph: '!-~',
  Print: ' -~',
};
const LINE_END = '(?=(?:\\r\\n|[\\n\\r\\u0085\\u2028\\u2029])?$)';

/** A Java pattern in JavaScript's spelling (flag v). */
function translated(pattern: string): readonly [source: string, flags: string] {
  let flags = '';
  let source = pattern;
  const inline = /^\(\?([imsux]*)(?:-[imsux]+)?\)/.exec(source);
  if (inline !== null) {
    source = source.slice(inline[0].length);
    for (const f of inline[1]!) if ('ims'.includes(f)) flags += f;
  }
  let out = '';
  let depth = 0;
  /** Where in `out` the classes that are open begin. */
  const opened: number[] = [];
  for (let i = 0; i < source.length; i++) {
    const c = source[i]!;
    if (c === '\\') {
      const next = source[++i];
      if (next === undefined) throw new SyntaxError('a backslash at the end');
      if (next === 'Q') {
        const end = source.indexOf('\\E', i);
        const quoted = source.slice(i + 1, end < 0 ? undefined : end);
        out += quoted.replace(/[\\^$.*+?()[\]{}|/&~!#%,:;<=>@`-]/g, '\\$&');
        i = end < 0 ? source.length : end + 1;
      } else if (next === 'p' || next === 'P') {
        const name = /^\{(?:Is|java|In)?(\w+)\}|^(\w)/.exec(source.slice(i + 1));
        const word = name?.[1] ?? name?.[2] ?? '';
        const known = CLASSES[word];
        i += name?.[0].length ?? 0;
        if (known === undefined) out += `\\${next}{${word}}`;
        else out += depth > 0 && next === 'p' ? `[${known}]` : `[${next === 'P' ? '^' : ''}${known}]`;
      } else if (next === 's' || next === 'S') out += next === 's' ? '[ \\t\\n\\v\\f\\r]' : '[^ \\t\\n\\v\\f\\r]';
      else if (next === 'h') out += '[ \\t\\u00A0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000]';
      else if (next === 'R') out += '(?:\\r\\n|[\\n\\v\\f\\r\\u0085\\u2028\\u2029])';
      else if (next === 'A') out += '(?<![\\s\\S])';
      else if (next === 'z') out += '(?![\\s\\S])';
      else if (next === 'Z') out += LINE_END.replace('$', '(?![\\s\\S])');
      else if (next === 'a') out += '\\x07';
      else if (next === 'e') out += '\\x1B';
      else if (/[dDwWbBtnrfv0-9kuxc]/.test(next)) out += next === 'b' && depth > 0 ? '\\x08' : `\\${next}`;
      else if (/[A-Za-z]/.test(next)) throw new SyntaxError(`no escape \\${next}`);
      else out += /[\^$\\.*+?()[\]{}|/-]/.test(next) || (depth > 0 && /[&!#%,:;<=>@`~]/.test(next)) ? `\\${next}` : next;
    } else if (c === '[') {
      depth++;
      out += c;
      if (source[i + 1] === '^') out += source[++i];
      opened.push(out.length);
      if (source[i + 1] === ']') {
        out += '\\]';
        i++;
      }
    } else if (c === ']' && depth > 0) {
      depth--;
      opened.pop();
      out += c;
    } else if (depth > 0) {
      const isOperator = c === '&' && source[i + 1] === '&';
      if (isOperator) {
        // Both sides are classes of their own: ranges alone are no operands in JavaScript.
        i++;
        const open = opened.at(-1)!;
        out = `${out.slice(0, open)}[${out.slice(open)}]&&`;
        if (source[i + 1] !== '[') {
          const end = source.indexOf(']', i);
          out += `[${source.slice(i + 1, end)}]`;
          i = end - 1;
        }
      } else out += c === '-' ? dash(source, i) : /[(){}/|]/.test(c) ? `\\${c}` : c;
    } else if (c === '$' && !flags.includes('m')) out += LINE_END;
    else if (c === '+' && /[*+?}]/.test(source[i - 1] ?? '') && source[i - 2] !== '\\') continue;
    else if (c === '(' && source.startsWith('(?>', i)) {
      out += '(?:';
      i += 2;
    } else
      out +=
        c === '{' && !/^\{\d+(?:,\d*)?\}/.test(source.slice(i))
          ? '\\{'
          : c === '}' && !/\{\d+(?:,\d*)?$/.test(source.slice(0, i))
            ? '\\}'
            : c === ']'
              ? '\\]'
              : c === '/'
                ? '\\/'
                : c;
  }
  return [out, flags];
}

/** A minus that is no range. */
const dash = (source: string, at: number): string =>
  source[at - 1] === '[' || source[at - 1] === '^' || source[at + 1] === ']' ? '\\-' : '-';

const compiled = new Map<string, RegExp>();

/** With the flags g and v. @throws AnalysisException INVALID_PARAMETER_VALUE.PATTERN */
export function javaPattern(pattern: string, functionName: string): RegExp {
  let made = compiled.get(pattern);
  if (made === undefined) {
    try {
      const [source, flags] = translated(pattern);
      made = new RegExp(source, `${flags}gv`);
    } catch {
      throw new AnalysisException('INVALID_PARAMETER_VALUE.PATTERN', {
        functionName: `\`${functionName}\``,
        parameter: '`regexp`',
        value: `'${pattern}'`,
      });
    }
    if (compiled.size > 1000) compiled.clear();
    compiled.set(pattern, made);
  }
  made.lastIndex = 0;
  return made;
}

const groupsOf = (pattern: RegExp): number => new RegExp(`${pattern.source}|`, pattern.flags).exec('')!.length - 1;

function checkGroup(pattern: RegExp, index: number, functionName: string): void {
  const groups = groupsOf(pattern);
  if (index >= 0 && index <= groups) return;
  throw new AnalysisException('INVALID_PARAMETER_VALUE.REGEX_GROUP_INDEX', {
    functionName: `\`${functionName}\``,
    parameter: '`idx`',
    groupCount: String(groups),
    groupIndex: String(index),
  });
}

/** Java's replacement: `$1`, `${name}`, a backslash makes the next character plain. undefined: it is wrong. */
function replacementOf(template: string, groups: number): ((match: readonly (string | undefined)[]) => string) | undefined {
  const parts: (string | number)[] = [];
  for (let i = 0; i < template.length; i++) {
    const c = template[i]!;
    if (c === '\\') {
      const next = template[++i];
      if (next === undefined) return undefined;
      parts.push(next);
    } else if (c === '$') {
      if (!/\d/.test(template[i + 1] ?? '')) return undefined;
      let group = Number(template[++i]);
      while (/\d/.test(template[i + 1] ?? '') && group * 10 + Number(template[i + 1]) <= groups) group = group * 10 + Number(template[++i]);
      if (group > groups) return undefined;
      parts.push(group);
    } else parts.push(c);
  }
  return (match) => parts.map((p) => (typeof p === 'number' ? (match[p] ?? '') : p)).join('');
}

function replaceAll(text: string, pattern: string, by: string, position: number): string {
  const regex = javaPattern(pattern, 'regexp_replace');
  const make = replacementOf(by, groupsOf(regex));
  const head = text.slice(0, position - 1);
  const tail = text.slice(position - 1);
  regex.lastIndex = 0;
  if (make === undefined) {
    if (!regex.test(tail)) return text;
    throw new AnalysisException('INVALID_REGEXP_REPLACE', { source: text, pattern, replacement: by, position: String(position) });
  }
  return head + tail.replace(regex, (...match: (string | undefined)[]) => make(match.slice(0, groupsOf(regex) + 1)));
}

function split(text: string, pattern: string, limit: number): string[] {
  if (pattern === '') {
    const letters = [...text];
    if (letters.length === 0) return [''];
    return limit > 0 && letters.length > limit ? [...letters.slice(0, limit - 1), letters.slice(limit - 1).join('')] : letters;
  }
  const regex = javaPattern(pattern, 'split');
  const parts: string[] = [];
  let from = 0;
  for (const match of text.matchAll(regex)) {
    if (limit > 0 && parts.length === limit - 1) break;
    const end = match.index + match[0].length;
    // No empty part before a match of nothing at the start.
    if (end === 0) continue;
    parts.push(text.slice(from, match.index));
    from = end;
  }
  return [...parts, text.slice(from)];
}

export const JS_REGEX: readonly JsFunction[] = [
  {
    name: 'rlike',
    make: (functionName) => ({
      parameterTypes: ['VARCHAR', 'VARCHAR'],
      returnType: 'BOOLEAN',
      compute: byRow((text: string, pattern: string) => javaPattern(pattern, functionName!).test(text)),
    }),
  },
  jsFunction(
    'regexp_extract',
    ['VARCHAR', 'VARCHAR', 'INTEGER'],
    'VARCHAR',
    byRow((text: string, pattern: string, group: number) => {
      const regex = javaPattern(pattern, 'regexp_extract');
      const match = regex.exec(text);
      if (match === null) return '';
      checkGroup(regex, group, 'regexp_extract');
      return match[group] ?? '';
    }),
  ),
  jsFunction(
    'regexp_extract_all',
    ['VARCHAR', 'VARCHAR', 'INTEGER'],
    'VARCHAR[]',
    byRow((text: string, pattern: string, group: number) => {
      const regex = javaPattern(pattern, 'regexp_extract_all');
      checkGroup(regex, group, 'regexp_extract_all');
      return [...text.matchAll(regex)].map((m) => m[group] ?? '');
    }),
  ),
  jsFunction('regexp_replace', ['VARCHAR', 'VARCHAR', 'VARCHAR', 'INTEGER'], 'VARCHAR', byRow(replaceAll)),
  jsFunction(
    'regexp_count',
    ['VARCHAR', 'VARCHAR'],
    'INTEGER',
    byRow((text: string, pattern: string) => [...text.matchAll(javaPattern(pattern, 'regexp_count'))].length),
  ),
  jsFunction(
    'regexp_substr',
    ['VARCHAR', 'VARCHAR'],
    'VARCHAR',
    byRow((text: string, pattern: string) => javaPattern(pattern, 'regexp_substr').exec(text)?.[0] || null),
  ),
  jsFunction(
    'regexp_instr',
    ['VARCHAR', 'VARCHAR'],
    'INTEGER',
    byRow((text: string, pattern: string) => (javaPattern(pattern, 'regexp_instr').exec(text)?.index ?? -1) + 1),
  ),
  jsFunction('split', ['VARCHAR', 'VARCHAR', 'INTEGER'], 'VARCHAR[]', byRow(split)),
];
