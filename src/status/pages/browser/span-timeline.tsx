// A timeline of few, named spans: jobs of an application or stages of a job, and above them how many executors there were, with a mark for each that
// was lost. Spans that overlap get rows of their own. Tasks have task-timeline.tsx.
import { useMemo } from 'preact/hooks';
import { labelFont, palette } from '../../../browser/colours.ts';
import { duration, moment, plural } from '../../../browser/format.ts';
import type { Executor } from './rest.ts';
import { useRoute } from './page-links.tsx';
import { executorSteps, packSpans, type Span, type Step } from './span-rows.ts';
import { type Frame, type Hit, TimeCanvas } from './time-canvas.tsx';

type Props = {
  readonly id: string;
  readonly label: string;
  readonly spans: readonly Span[];
  readonly executors: readonly Executor[];
  readonly nowMs: number;
};

const LEGEND = [
  ['run', 'running'],
  ['good', 'succeeded'],
  ['bad', 'failed'],
  ['calm', 'unknown'],
] as const;
const ROW = 22;
/** Rows that the executors' steps take. */
const STEP_ROWS = 2;

export function SpanTimeline({ id, label, spans, executors, nowMs }: Props) {
  const { go } = useRoute();
  const rows = useMemo(() => packSpans(spans), [spans]);
  const steps = useMemo(() => executorSteps(executors), [executors]);
  const from = Math.min(...spans.map((s) => s.fromMs), ...steps.map((s) => s.atMs));
  const to = Math.max(from + 1, ...spans.map((s) => s.toMs), ...steps.map((s) => s.atMs), nowMs);
  if (spans.length === 0 && steps.length === 0) return <p class="empty">Nothing has happened yet.</p>;
  const most = Math.max(1, ...steps.map((s) => s.count));
  const above = steps.length > 0 ? STEP_ROWS : 0;
  const draw = (frame: Frame): number => {
    const { context: c, left, width } = frame;
    const colour = palette();
    const x = (ms: number): number => left + ((ms - from - frame.from) / (frame.to - frame.from)) * width;
    c.save();
    c.beginPath();
    c.rect(left, frame.y, width, frame.height);
    c.clip();
    let drawn = 0;
    if (above > 0) {
      const floor = frame.y + above * ROW - 4 - frame.top;
      const level = (n: number): number => floor - (n / most) * (above * ROW - 12);
      c.beginPath();
      c.moveTo(x(from), floor);
      let before = 0;
      for (const s of steps) {
        c.lineTo(x(s.atMs), level(before));
        c.lineTo(x(s.atMs), level(s.count));
        before = s.count;
      }
      c.lineTo(x(to), level(before));
      c.lineTo(x(to), floor);
      c.fillStyle = colour('--run-soft');
      c.fill();
      c.strokeStyle = colour('--running');
      c.lineWidth = 1.5;
      c.stroke();
      for (const s of steps) {
        if (s.change > 0) continue;
        c.fillStyle = colour('--bad');
        c.fillRect(x(s.atMs) - 1, level(s.count + 1) - 3, 2, floor - level(s.count + 1) + 3);
      }
      drawn += steps.length;
    }
    c.font = labelFont(12);
    c.textBaseline = 'middle';
    c.textAlign = 'left';
    for (const [i, s] of spans.entries()) {
      const x1 = x(s.fromMs);
      const x2 = Math.max(x1 + 2, x(s.toMs));
      if (x2 < left || x1 > left + width) continue;
      const y = frame.y + ((rows[i] ?? 0) + above) * ROW - frame.top;
      c.fillStyle = colour(`--${s.tone}-soft`);
      c.fillRect(x1, y + 1, x2 - x1, ROW - 3);
      c.fillStyle = colour(`--${s.tone}`);
      c.fillRect(x1, y + 1, 2, ROW - 3);
      drawn++;
      const start = Math.max(x1, left);
      const room = x2 - start - 12;
      if (room < 24) continue;
      let text = s.label;
      const wide = c.measureText(text).width;
      if (wide > room) text = `${text.slice(0, Math.max(1, Math.floor((text.length * room) / wide) - 1))}…`;
      c.fillText(text, start + 7, y + ROW / 2);
    }
    c.restore();
    if (above > 0) {
      c.fillStyle = colour('--muted');
      c.font = labelFont();
      c.textAlign = 'left';
      c.fillText('executors', 4, frame.y + 12 - frame.top);
      c.fillText(`most ${most}`, 4, frame.y + 28 - frame.top);
    }
    return drawn;
  };
  const hit = (at: number, row: number, near: number): Hit | undefined => {
    const ms = from + at;
    if (row < above) {
      const nearest = steps.reduce<Step | undefined>(
        (best, s) => (best && Math.abs(best.atMs - ms) <= Math.abs(s.atMs - ms) ? best : s),
        undefined,
      );
      if (!nearest) return undefined;
      const before = steps.filter((s) => s.atMs <= ms).at(-1);
      if (Math.abs(nearest.atMs - ms) > near * 2) return { content: <b>{plural(before?.count ?? 0, 'executor')}</b> };
      return {
        content: (
          <>
            <b>
              Executor {nearest.executor.id} {nearest.change > 0 ? 'added' : 'removed'}
            </b>
            <div>
              {moment(nearest.atMs)}, {nearest.executor.hostPort}; now {plural(nearest.count, 'executor')}
            </div>
            {nearest.change < 0 && <div>{nearest.executor.removeReason}</div>}
          </>
        ),
      };
    }
    const i = spans.findIndex((s, k) => (rows[k] ?? 0) === row - above && ms >= s.fromMs - near && ms <= s.toMs + near);
    const span = spans[i];
    return (
      span && {
        content: (
          <>
            <b>{span.label}</b>
            <div>
              {moment(span.fromMs)}, {duration(span.toMs - span.fromMs)}
            </div>
            <div>{span.note}</div>
          </>
        ),
        open: () => go(span.href),
      }
    );
  };
  return (
    <TimeCanvas
      id={id}
      label={label}
      originMs={from}
      length={to - from}
      rows={above + Math.max(0, ...rows.map((r) => r + 1))}
      rowHeight={ROW}
      gutter={above > 0 ? 76 : 8}
      maxHeight={300}
      draw={draw}
      hit={hit}
      legend={
        <ul class="legend">
          {LEGEND.filter(([tone]) => spans.some((s) => s.tone === tone)).map(([tone, name]) => (
            <li key={tone}>
              <i class={`swatch span-${tone}`} /> {name}
            </li>
          ))}
          {steps.some((s) => s.change < 0) && (
            <li>
              <i class="swatch span-lost" /> executor removed
            </li>
          )}
        </ul>
      }
      on={[spans, executors]}
    />
  );
}
