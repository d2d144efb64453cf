// Characters that DuckDB reads as part of a number and Spark does not are moved to Unicode's private use area before DuckDB's cast sees the text:
// the cast fails, as it must, and the error's text is brought back for the user by `shown`. One pass over the text, and the text is written once.
const BASE = 0xe000;

export function hideFromKernel(x: string, characters: string): string {
  const hidden = [...characters].map((c) => String.fromCharCode(BASE + c.charCodeAt(0))).join('');
  return `translate(${x}, '${characters}', '${hidden}')`;
}

export const shown = (text: string): string => text.replace(/[\ue000-\ue07f]/g, (c) => String.fromCharCode(c.charCodeAt(0) - BASE));
