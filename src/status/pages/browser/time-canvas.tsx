// A canvas over time: zoom (buttons, keys, ctrl with the wheel, a pinch), pan (drag, keys), an axis, rows that scroll, a tooltip. What is drawn in it
// is the caller's. The view stands in the address (`<id>.view=from-to`, ms since the canvas' beginning).
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { labelFont, palette } from '../../../browser/colours.ts';
import { clock, duration } from '../../../browser/format.ts';
import { useRoute } from './page-links.tsx';
import { useSetParams } from '../../../browser/router.tsx';
import { onTheme } from '../../../browser/theme-switch.tsx';

/** Where to draw: moments from … to over `width` pixels from `left`; rows from `top` over `height` pixels from `y`. */
export type Frame = {
  readonly context: CanvasRenderingContext2D;
  readonly from: number;
  readonly to: number;
  readonly left: number;
  readonly width: number;
  readonly y: number;
  readonly top: number;
  readonly height: number;
  readonly rowHeight: number;
};
export type Hit = { readonly content: ComponentChildren; readonly open?: () => void };
type Props = {
  readonly id: string;
  readonly label: string;
  /** Time on the axis when the canvas' moment is 0, ms since 1970. */
  readonly originMs: number;
  readonly length: number;
  readonly rows: number;
  readonly rowHeight: number;
  /** Pixels left of the rows, for their names. */
  readonly gutter: number;
  readonly maxHeight?: number;
  /** @returns how many things were drawn */
  readonly draw: (frame: Frame) => number;
  readonly hit: (moment: number, row: number, nearMs: number) => Hit | undefined;
  readonly legend?: ComponentChildren;
  /** Draw again when one of these changes. */
  readonly on: readonly unknown[];
};
const AXIS = 22;
const STEPS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 15e3, 3e4, 6e4, 12e4, 3e5, 6e5, 9e5, 18e5, 36e5, 72e5, 216e5, 432e5, 864e5,
];
const MIN_SPAN = 4;

export function TimeCanvas(props: Props) {
  const { id, label, length, rows, rowHeight, gutter, maxHeight = 380 } = props;
  const { params } = useRoute();
  const set = useSetParams();
  const given = /^(\d+)-(\d+)$/.exec(params.get(`${id}.view`) ?? '');
  const view = useRef<{ from: number; to: number }>({ from: given ? Number(given[1]) : 0, to: given ? Number(given[2]) : length });
  const isWhole = useRef(given === null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const asked = useRef(0);
  const saving = useRef<ReturnType<typeof setTimeout>>(undefined);
  const drag = useRef<{ x: number; from: number; to: number; moved: boolean }>(undefined);
  const [tip, setTip] = useState<{ x: number; y: number; hit: Hit }>();
  const rowsHeight = rows * rowHeight;
  const height = Math.min(maxHeight, rowsHeight) + AXIS + 4;

  const paint = useRef<() => void>(() => {});
  paint.current = () => {
    const at = canvas.current;
    const context = at?.getContext('2d');
    if (!at || !context) return;
    const ratio = devicePixelRatio || 1;
    const whole = at.clientWidth;
    if (at.width !== Math.round(whole * ratio) || at.height !== Math.round(height * ratio)) {
      at.width = Math.round(whole * ratio);
      at.height = Math.round(height * ratio);
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, whole, height);
    const { from, to } = view.current;
    const width = Math.max(10, whole - gutter - 8);
    const top = scroller.current?.scrollTop ?? 0;
    const frame: Frame = { context, from, to, left: gutter, width, y: AXIS, top, height: height - AXIS, rowHeight };
    drawAxis(frame, props.originMs, height);
    context.save();
    context.beginPath();
    context.rect(0, AXIS, whole, height - AXIS);
    context.clip();
    const drawn = props.draw(frame);
    context.restore();
    at.dataset['drawn'] = String(drawn);
    at.dataset['from'] = String(Math.round(from));
    at.dataset['to'] = String(Math.round(to));
  };
  const repaint = (): void => {
    if (asked.current !== 0) return;
    asked.current = requestAnimationFrame(() => {
      asked.current = 0;
      paint.current();
    });
  };
  const look = (from: number, to: number): void => {
    const span = Math.min(length, Math.max(MIN_SPAN, to - from));
    const begin = Math.max(0, Math.min(from, length - span));
    view.current = { from: begin, to: begin + span };
    isWhole.current = span >= length;
    repaint();
    clearTimeout(saving.current);
    const text = isWhole.current ? undefined : `${Math.round(begin)}-${Math.round(begin + span)}`;
    saving.current = setTimeout(() => set({ [`${id}.view`]: text }), 300);
  };
  const zoom = (factor: number, around?: number): void => {
    const { from, to } = view.current;
    const at = around ?? (from + to) / 2;
    look(at - (at - from) * factor, at + (to - at) * factor);
  };
  const pan = (share: number): void => {
    const { from, to } = view.current;
    look(from + (to - from) * share, to + (to - from) * share);
  };

  useEffect(() => {
    const again = (): void => repaint();
    const sizes = new ResizeObserver(again);
    if (canvas.current) sizes.observe(canvas.current);
    const dark = onTheme(again);
    return () => {
      sizes.disconnect();
      dark();
      cancelAnimationFrame(asked.current);
      asked.current = 0;
      clearTimeout(saving.current);
    };
  }, []);
  useLayoutEffect(() => {
    // New tasks make the whole longer: who looks at the whole goes on seeing it.
    if (isWhole.current) view.current = { from: 0, to: length };
    repaint();
  }, [length, rows, rowHeight, ...props.on]);

  const place = (e: MouseEvent) => {
    const box = (canvas.current as HTMLCanvasElement).getBoundingClientRect();
    const x = e.clientX - box.left;
    const y = e.clientY - box.top;
    const width = Math.max(10, box.width - gutter - 8);
    const perPixel = (view.current.to - view.current.from) / width;
    const row = Math.floor((y - AXIS + (scroller.current?.scrollTop ?? 0)) / rowHeight);
    return { x, y, row, perPixel, moment: view.current.from + (x - gutter) * perPixel };
  };
  const wheel = (e: WheelEvent): void => {
    if (!e.ctrlKey && !e.metaKey) {
      if (Math.abs(e.deltaX) <= Math.abs(e.deltaY)) return;
      e.preventDefault();
      pan(e.deltaX / 800);
      return;
    }
    e.preventDefault();
    zoom(Math.exp(Math.max(-0.5, Math.min(0.5, e.deltaY / 200))), place(e).moment);
  };
  useEffect(() => {
    const at = canvas.current;
    const hear = (e: WheelEvent): void => wheel(e);
    // preact's listeners can't say that they will keep the page from scrolling.
    at?.addEventListener('wheel', hear, { passive: false });
    return () => at?.removeEventListener('wheel', hear);
  });
  const move = (e: PointerEvent): void => {
    const at = place(e);
    if (drag.current) {
      const by = (drag.current.x - at.x) * at.perPixel;
      if (Math.abs(drag.current.x - at.x) > 3) drag.current.moved = true;
      if (drag.current.moved) look(drag.current.from + by, drag.current.to + by);
      setTip(undefined);
      return;
    }
    const hit = at.y > AXIS && at.x >= gutter ? props.hit(at.moment, at.row, 3 * at.perPixel) : undefined;
    setTip(hit && { x: at.x, y: at.y, hit });
  };
  const press = (e: KeyboardEvent): void => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key === '+' || e.key === '=') zoom(0.6);
    else if (e.key === '-') zoom(1 / 0.6);
    else if (e.key === '0') look(0, length);
    else if (e.key === 'ArrowLeft') pan(-0.2);
    else if (e.key === 'ArrowRight') pan(0.2);
    else return;
    e.preventDefault();
  };
  return (
    <div class="timecanvas" data-timeline={id}>
      <div class="timetools">
        {props.legend}
        <span class="zoom">
          <button type="button" aria-label="zoom in" title="Zoom in (+)" onClick={() => zoom(0.6)}>
            +
          </button>
          <button type="button" aria-label="zoom out" title="Zoom out (−)" onClick={() => zoom(1 / 0.6)}>
            −
          </button>
          <button type="button" title="The whole (0)" onClick={() => look(0, length)}>
            fit
          </button>
        </span>
      </div>
      <div class="timescroll" ref={scroller} style={{ height: `${height}px` }} onScroll={repaint}>
        <canvas
          ref={canvas}
          tabIndex={0}
          role="img"
          aria-label={`${label}, ${duration(length)} long`}
          style={{ height: `${height}px` }}
          onPointerDown={(e) => {
            drag.current = { x: place(e).x, ...view.current, moved: false };
            e.currentTarget.setPointerCapture(e.pointerId);
          }}
          onPointerMove={move}
          onPointerUp={(e) => {
            const wasDrag = drag.current?.moved === true;
            drag.current = undefined;
            const at = place(e);
            if (!wasDrag) props.hit(at.moment, at.row, 3 * at.perPixel)?.open?.();
          }}
          onPointerLeave={() => setTip(undefined)}
          onDblClick={(e) => zoom(0.35, place(e).moment)}
          onKeyDown={press}
        />
        <div style={{ height: `${Math.max(0, rowsHeight + AXIS + 4 - height)}px` }} />
      </div>
      {tip && (
        <div class="tip" role="tooltip" style={{ left: `clamp(0px, ${tip.x + 14}px, calc(100% - 290px))`, top: `${tip.y + 50}px` }}>
          {tip.hit.content}
        </div>
      )}
    </div>
  );
}

function drawAxis({ context: c, from, to, left, width }: Frame, originMs: number, height: number): void {
  const colour = palette();
  const [line, text] = [colour('--line'), colour('--muted')];
  // A label with milliseconds is wide.
  const step = STEPS.find((s) => ((to - from) / s) * (s < 1000 ? 104 : 78) <= width) ?? 864e5;
  c.font = labelFont();
  c.textBaseline = 'middle';
  c.textAlign = 'center';
  c.lineWidth = 1;
  const first = Math.ceil((originMs + from) / step) * step;
  for (let at = first; at <= originMs + to; at += step) {
    const x = Math.round(left + ((at - originMs - from) / (to - from)) * width) + 0.5;
    c.strokeStyle = line;
    c.beginPath();
    c.moveTo(x, AXIS - 4);
    c.lineTo(x, height);
    c.stroke();
    c.fillStyle = text;
    const half = c.measureText(clock(at, step)).width / 2;
    if (x > left + half && x < left + width - half) c.fillText(clock(at, step), x, 9);
  }
}
