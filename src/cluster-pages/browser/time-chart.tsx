// Lines over the last hour, drawn by uPlot. Colours are the style sheet's and change with the theme; charts that stand together share a cursor.
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { palette } from '../../browser/colours.ts';
import { clock } from '../../browser/format.ts';
import { onTheme } from '../../browser/theme-switch.tsx';

export type Line = {
  readonly name: string;
  /** A colour of the style sheet: `--running`. */
  readonly colour: string;
  readonly filled?: boolean;
  readonly dashed?: boolean;
  readonly values: readonly number[];
};
type Props = {
  readonly title: string;
  readonly atMs: readonly number[];
  readonly lines: readonly Line[];
  readonly show: (value: number) => string;
  /** Steps of the axis are powers of two: memory. */
  readonly binary?: boolean;
  /** Its numbers in a sentence, for who can't see it. */
  readonly summary: string;
};
const HEIGHT = 170;
const AXIS_WIDTH = 74;
/** Just after a start there is little to draw: it is not spread over the whole width. */
const SHORTEST_S = 600;
const AXIS_FONT = '11px system-ui, sans-serif';

export function TimeChart({ title, atMs, lines, show, binary = false, summary }: Props) {
  const at = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const data = [atMs.map((ms) => ms / 1000), ...lines.map((l) => [...l.values])] as uPlot.AlignedData;
  const latest = useRef(data);
  latest.current = data;
  useEffect(() => {
    const within = at.current;
    if (!within) return undefined;
    const make = (): void => {
      plot.current?.destroy();
      plot.current = new uPlot(options({ lines, show, binary }, within.clientWidth), latest.current, within);
    };
    make();
    const resized = new ResizeObserver(() => plot.current?.setSize({ width: within.clientWidth, height: HEIGHT }));
    resized.observe(within);
    const deaf = onTheme(make);
    return () => {
      resized.disconnect();
      deaf();
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [lines.map((l) => l.name).join()]);
  useEffect(() => plot.current?.setData(latest.current), [atMs]);
  return (
    <figure class="chart" aria-label={`${title}: ${summary}`}>
      <figcaption>{title}</figcaption>
      <div ref={at} aria-hidden="true" />
    </figure>
  );
}

const POWERS = Array.from({ length: 40 }, (_, i) => 2 ** i);

function options({ lines, show, binary }: Required<Pick<Props, 'lines' | 'show' | 'binary'>>, width: number): uPlot.Options {
  const colour = palette();
  const axis = {
    stroke: colour('--muted'),
    font: AXIS_FONT,
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { stroke: colour('--line'), width: 1 },
  };
  return {
    width,
    height: HEIGHT,
    cursor: { sync: { key: 'cluster' }, drag: { x: false, y: false } },
    legend: { live: true },
    scales: {
      x: { range: (_plot, min, max) => [Math.min(min, max - SHORTEST_S), max] },
      y: { range: (_plot, _min, max) => [0, Math.max(1, max * 1.05)] },
    },
    axes: [
      { ...axis, size: 30, values: (_plot, at, _axis, _space, stepS) => at.map((s) => clock(s * 1000, stepS * 1000)) },
      {
        ...axis,
        size: AXIS_WIDTH,
        space: 34,
        ...(binary && { incrs: POWERS }),
        values: (_plot, at) => at.map((v) => (Number.isInteger(v) || v >= 10 ? show(v) : '')),
      },
    ],
    series: [
      { label: 'Time', value: (_plot, s) => (s == null ? 'now' : clock(s * 1000, 1_000)) },
      ...lines.map((line) => ({
        label: line.name,
        stroke: colour(line.colour),
        width: 1.5,
        points: { show: false },
        ...(line.dashed && { dash: [5, 4] }),
        ...(line.filled && { fill: colour(line.colour, 22) }),
        // Where nobody points: what is now.
        value: (plot: uPlot, v: number | null, index: number) => show(v ?? plot.data[index]?.at(-1) ?? 0),
      })),
    ],
  };
}
