// Reads a stack as text: what happened, why, and which line is the user's. Guessed from the frames: the first that is neither ours, Node.js's nor a
// JVM's (logs of real Spark). Pure; what shows it is error-text.tsx.
const CELL = 200;
const FRAME = /^\s*at\s/;
const OURS =
  /node:internal|\(node:|\bat node:|\/node_modules\/|emberloom\/(dist|src)\/|runtime\.main\.cjs|worker\.main\.cjs|executor\.main\.cjs/;
const JVM = /^\s*at\s+(org\.apache\.|java\.|scala\.|jdk\.|sun\.)|^(org\.apache\.|java\.|java\.base|scala\.|jdk\.|py4j\.)/;

/** The frame to show first, without `at`; undefined: none is the user's. */
export function firstUserLine(text: string): string | undefined {
  const line = text.split('\n').find((l) => FRAME.test(l) && !OURS.test(l) && !JVM.test(l));
  return line?.replace(FRAME, '').trim();
}

/** What happened: the first line that says something. */
export function headline(text: string): string {
  const lines = text.split('\n').map((l) => l.trim());
  return lines.find((l) => l !== '' && !FRAME.test(l)) ?? lines[0] ?? '';
}

/** For a cell: a headline that only announces what comes (it ends in a colon) goes on with the line after it; whole words, 200 characters at most. */
export function cellLine(text: string): string {
  const first = headline(text);
  const next = first.endsWith(':')
    ? text
        .split('\n')
        .map((l) => l.trim())
        .find((l) => l !== '' && l !== first && !FRAME.test(l))
    : undefined;
  const line = next === undefined ? first : `${first} ${next}`;
  return line.length <= CELL ? line : `${line.slice(0, CELL).replace(/\s+\S*$/, '')} …`;
}

/** What broke in the user's code, when the first line only says what that led to: the last words before the first frame. */
export function cause(text: string): string | undefined {
  const lines = text.split('\n');
  const frame = lines.findIndex((l) => FRAME.test(l));
  const words = (frame < 0 ? [] : lines.slice(0, frame)).filter((l) => l.trim() !== '');
  return words.length > 1 ? words.at(-1)?.trim() : undefined;
}
