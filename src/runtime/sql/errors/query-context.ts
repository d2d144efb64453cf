// The piece of SQL text that an error is about, as Spark prints it below the sentence: a heading, the lines with the piece, carets under it.
// Which piece it was when rows are computed: ../engine/failed-expression.ts. Source: org.apache.spark.sql.catalyst.trees.SQLQueryContext of Spark 4.2.
import type { ErrorContext } from '../../../common/spark-error.ts';
import type { Origin } from '../plan/origin.ts';

export const queryContextOf = (origin: Origin): ErrorContext => ({
  objectType: origin.sqlText.view === undefined ? '' : 'VIEW',
  objectName: origin.sqlText.view ?? '',
  startIndex: origin.start,
  stopIndex: origin.stop - 1,
  fragment: origin.fragment,
  summary: contextText(origin),
});

/** So much of a line is shown before and after the piece. */
const MOST_AROUND = 32;
const CUT = '...';

export function contextText({ sqlText, start, stop, line, position }: Origin): string {
  const { text, view } = sqlText;
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = text.indexOf('\n', stop) < 0 ? text.length : text.indexOf('\n', stop);
  const isCutBefore = start - lineStart >= MOST_AROUND;
  const isCutAfter = lineEnd - stop >= MOST_AROUND;
  const from = isCutBefore ? start - MOST_AROUND : lineStart;
  const to = isCutAfter ? stop + MOST_AROUND : lineEnd;
  const shown = `${isCutBefore ? CUT : ''}${text.slice(from, to)}${isCutAfter ? CUT : ''}`;
  let at = isCutBefore ? from - CUT.length : from;
  const lines = shown.split('\n').map((shownLine) => {
    const before = Math.min(Math.max(start - at, 0), shownLine.length);
    const under = Math.max(Math.min(stop, at + shownLine.length) - Math.max(start, at), 0);
    at += shownLine.length + 1;
    return `${shownLine}\n${' '.repeat(before)}${'^'.repeat(under)}\n`;
  });
  return `== SQL${view === undefined ? '' : ` of VIEW ${view}`} (line ${line}, position ${position + 1}) ==\n${lines.join('')}`;
}

/** A place as text, for the kernel's errors, which carry only text: ` ⟨3:8-12⟩`, the id of the SQL text, start and stop. */
export const placeMark = ({ sqlText, start, stop }: Origin): string => ` ⟨${sqlText.id}:${start}-${stop}⟩`;

const MARK = / ⟨(\d+):(\d+)-(\d+)⟩/;

export function readPlaceMark(words: string): { readonly textId: number; readonly start: number; readonly stop: number } | undefined {
  const [, textId, start, stop] = MARK.exec(words) ?? [];
  return textId === undefined ? undefined : { textId: Number(textId), start: Number(start), stop: Number(stop) };
}
