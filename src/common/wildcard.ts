// Patterns in which `*` stands for any text and everything else for itself, matched in the length of both multiplied at worst. A regular
// expression with as many `.*` would try every way to share the text among them: eight stars hold a process for a minute.

/** Goes back only to the last star: what the stars before it took can stay as it is. */
export function matchesWildcard(text: string, pattern: string): boolean {
  let [at, p, star, taken] = [0, 0, -1, 0];
  while (at < text.length) {
    if (pattern[p] === '*') {
      star = p++;
      taken = at;
    } else if (p < pattern.length && pattern[p] === text[at]) {
      p++;
      at++;
    } else if (star >= 0) {
      p = star + 1;
      at = ++taken;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}
