// Names of a function's parameters, as its own text has them: what f(name => value) means. Patterns and what a minifier has renamed have no names that
// a caller knows; a class may say them itself, as its static `parameters`.
const PAIRS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** Of `eval(a, b = 5, ...rest)`, `(a) => …`, `a => …`, `function f(a) {…}`. */
export function parameterNames(f: Function): readonly (string | undefined)[] {
  const text = Function.prototype.toString.call(f);
  const bare = /^(?:async\s+)?([\w$]+)\s*=>/.exec(text);
  const parts = bare === null ? partsOf(text.slice(text.indexOf('(') + 1)) : [bare[1]!];
  return parts.filter((p) => !p.startsWith('...')).map((p) => /^[\w$]+/.exec(p)?.[0]);
}

/** Split at commas outside of brackets and texts, up to the parenthesis that closes the list. */
function partsOf(text: string): string[] {
  const parts = [''];
  const open: string[] = [];
  const tokens = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`|[\s\S]/g;
  for (const [token] of text.matchAll(tokens)) {
    if (token.startsWith('/*') || token.startsWith('//')) continue;
    if (token === ')' && open.length === 0) break;
    if (PAIRS[token] !== undefined) open.push(PAIRS[token]);
    else if (token === open.at(-1)) open.pop();
    if (token === ',' && open.length === 0) parts.push('');
    else parts[parts.length - 1] += token;
  }
  return parts.map((p) => p.trim()).filter((p) => p !== '');
}
