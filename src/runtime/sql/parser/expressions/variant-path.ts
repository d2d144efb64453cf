// The path in `v:a.b['c'][0]`: kept as the JSON path that Spark gives to variant_get. Source: semiStructuredExtractionPath of Spark 4.2.
import type { Cursor } from '../cursor.ts';
import { nameOf } from '../identifiers.ts';
import { isString, stringLiteral } from '../strings.ts';

/** After the colon. Dots in backquotes part names all the same, as in Spark. @returns for example `$.a.b['c'][0]` */
export function extractionPath(p: Cursor): string {
  let path = '$';
  if (p.token.isWord) path += member(p);
  else if (p.type() === '[') path += bracketed(p);
  else p.fail();
  for (;;) {
    if (p.type() === '.' && p.tokens[p.at + 1]?.isWord === true) {
      p.at++;
      path += member(p);
    } else if (p.type() === '[') path += bracketed(p);
    else return path;
  }
}

function member(p: Cursor): string {
  return `.${nameOf(p, p.next())}`;
}

function bracketed(p: Cursor): string {
  p.at++;
  let inside: string;
  if (isString(p.type())) inside = `['${stringLiteral(p)}']`;
  else if (p.type() === 'integer') inside = `[${p.textOf(p.next())}]`;
  else if (p.token.isWord) inside = `['${nameOf(p, p.next())}']`;
  else p.fail();
  p.expect(']');
  return inside;
}
