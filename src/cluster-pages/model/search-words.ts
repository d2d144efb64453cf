// What a reader types into the search of applications: words that must all occur somewhere, and `user:ann queue:root.etl tag:nightly type:SPARK name:…
// id:…` for one field. Quotes keep spaces together. Pure.

export const FIELDS = ['id', 'name', 'user', 'queue', 'type', 'tag'] as const;
export type Field = (typeof FIELDS)[number];
/** `text` in lower case; without a field it may occur in any. */
export type Word = { readonly field: Field | undefined; readonly text: string };

const PART = /(?:([a-z]+):)?(?:"([^"]*)"|(\S+))/giy;

export function wordsOf(search: string): Word[] {
  const words: Word[] = [];
  const text = search.trim();
  PART.lastIndex = 0;
  while (PART.lastIndex < text.length) {
    const from = PART.lastIndex;
    const part = PART.exec(text);
    if (part === null) break;
    const field = FIELDS.find((f) => f === part[1]?.toLowerCase());
    const value = part[2] ?? part[3] ?? '';
    // `http://…` or `a:b` is a word like any other when the name in front of the colon is none of ours.
    const whole = field === undefined && part[1] !== undefined ? text.slice(from, PART.lastIndex).replaceAll('"', '') : value;
    if (whole !== '') words.push({ field, text: whole.toLowerCase() });
    while (text[PART.lastIndex] === ' ' || text[PART.lastIndex] === '\t') PART.lastIndex++;
  }
  return words;
}

/**
 * @param read   a field's text; tags are joined by a line break
 * A queue is found by whole names of its path, so with a queue above it; users and types by their whole name, everything else by a part.
 */
export function matches(words: readonly Word[], read: (field: Field) => string): boolean {
  return words.every(({ field, text }) => {
    if (field === undefined) return FIELDS.some((f) => read(f).toLowerCase().includes(text));
    const value = read(field).toLowerCase();
    if (field === 'user' || field === 'type') return value === text;
    if (field === 'queue') return `.${value}.`.includes(`.${text}.`);
    return value.includes(text);
  });
}

/** One field's filter as it is typed. */
export const wordText = (field: Field, value: string): string =>
  `${field}:${/[\s"]/.test(value) ? `"${value.replaceAll('"', '')}"` : value}`;
