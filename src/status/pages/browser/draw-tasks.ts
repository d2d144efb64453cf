// Draws packed tasks (task-lanes.ts) on a canvas: wide ones with their phases, narrow ones in their longest phase's colour, and of many within one
// pixel only one, so that the work depends on the pixels and not on the tasks. Failed tasks are never left out.
import { palette } from '../../../browser/colours.ts';
import type { TaskTimeline } from '../../store/status-view.ts';
import { firstEndingAfter, PHASES, type TaskLanes } from './task-lanes.ts';
import type { Frame } from './time-canvas.tsx';

const PHASES_FROM_PX = 4;

export type TaskPaint = {
  readonly phases: readonly string[];
  readonly failed: string;
  readonly killed: string;
  readonly running: string;
  readonly mark: string;
};

/** The colours of the style sheet, as they are now. */
export function taskPaint(): TaskPaint {
  const colour = palette();
  return {
    phases: PHASES.map(([key]) => colour(`--phase-${key}`)),
    failed: colour('--bad'),
    killed: colour('--warn'),
    running: colour('--running'),
    mark: colour('--focus'),
  };
}

/** @returns how many boxes were drawn */
export function drawTasks(frame: Frame, t: TaskTimeline, lanes: TaskLanes, paint: TaskPaint, marked: number): number {
  const { context: c, from, to, left, width, top, height, rowHeight } = frame;
  const scale = width / (to - from);
  const bar = Math.max(1, rowHeight - (rowHeight > 5 ? 2 : 0));
  let drawn = 0;
  const last = Math.min(lanes.rows, Math.ceil((top + height) / rowHeight));
  for (let row = Math.max(0, Math.floor(top / rowHeight)); row < last; row++) {
    const y = frame.y + row * rowHeight - top;
    const stop = lanes.start[row + 1] ?? 0;
    let covered = Number.NEGATIVE_INFINITY;
    for (let k = firstEndingAfter(lanes, row, from); k < stop; k++) {
      const i = lanes.order[k] ?? 0;
      const launched = t.launch[i] ?? 0;
      if (launched > to) break;
      const x1 = left + Math.max(0, (launched - from) * scale);
      const x2 = left + Math.min(width, ((lanes.end[i] ?? 0) - from) * scale);
      const state = t.state[i] ?? 1;
      const hurt = state >= 2;
      if (x2 - covered < 1 && !hurt) continue;
      covered = Math.max(x2, x1 + 1);
      drawn++;
      if (state === 1 && x2 - x1 >= PHASES_FROM_PX) drawPhases(frame, t, i, paint, y, bar);
      else {
        c.fillStyle =
          state === 2 ? paint.failed : state === 3 ? paint.killed : state === 0 ? paint.running : (paint.phases[longestPhase(t, i)] ?? '');
        const wide = x2 - x1;
        c.fillRect(x1, y, Math.max(hurt ? 2 : 1, wide > 3 ? wide - 0.6 : wide), bar);
      }
      if (i === marked) {
        c.strokeStyle = paint.mark;
        c.lineWidth = 2;
        c.strokeRect(x1 - 1, y - 1, Math.max(3, x2 - x1) + 2, bar + 2);
      }
    }
  }
  return drawn;
}

function longestPhase(t: TaskTimeline, i: number): number {
  let longest = 3;
  let most = t.phases[3]?.[i] ?? 0;
  for (let p = 0; p < PHASES.length; p++) {
    const ms = t.phases[p]?.[i] ?? 0;
    if (ms > most) {
      most = ms;
      longest = p;
    }
  }
  return longest;
}

function drawPhases(
  { context: c, from, to, left, width }: Frame,
  t: TaskTimeline,
  i: number,
  paint: TaskPaint,
  y: number,
  bar: number,
): void {
  const scale = width / (to - from);
  let at = t.launch[i] ?? 0;
  const end = at + (t.duration[i] ?? 0);
  for (let p = 0; p < PHASES.length; p++) {
    const ms = t.phases[p]?.[i] ?? 0;
    if (ms <= 0) continue;
    const x1 = Math.max(left, left + (at - from) * scale);
    at = Math.min(end, at + ms);
    const x2 = Math.min(left + width, left + (at - from) * scale);
    if (x2 <= x1) continue;
    c.fillStyle = paint.phases[p] ?? '';
    c.fillRect(x1, y, x2 - x1, bar);
  }
  // What no phase explains, so that every box reaches the task's end.
  const x1 = Math.max(left, left + (at - from) * scale);
  const x2 = Math.min(left + width, left + (end - from) * scale) - 0.6;
  if (x2 <= x1) return;
  c.fillStyle = paint.phases[3] ?? '';
  c.fillRect(x1, y, x2 - x1, bar);
}
