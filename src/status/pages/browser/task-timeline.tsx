// The timeline of a stage's tasks: a row per slot of each executor, each task in the colours of its phases. A click keeps a task (`?task=`).
import { useMemo } from 'preact/hooks';
import type { TaskTimeline as Timeline } from '../../store/status-view.ts';
import { useUi } from './application.tsx';
import { drawTasks, taskPaint } from './draw-tasks.ts';
import { labelFont, palette } from '../../../browser/colours.ts';
import { count, duration, moment, percent } from '../../../browser/format.ts';
import { Loading } from '../../../browser/parts.tsx';
import type { Stage } from './rest.ts';
import { useRoute } from './page-links.tsx';
import { useSetParams } from '../../../browser/router.tsx';
import { PHASES, packLanes, phaseShares, taskAt } from './task-lanes.ts';
import { type Frame, TimeCanvas } from './time-canvas.tsx';

const STATES = ['running', 'succeeded', 'failed', 'killed'];
const GUTTER = 76;

export function TaskTimeline({ stage }: { stage: Stage }) {
  const { data, error, status } = useUi<Timeline>(`stages/${stage.stageId}/${stage.attemptId}/timeline`);
  if (data === undefined)
    return status === 404 ? <p class="empty">This server keeps no timeline of this stage.</p> : <Loading error={error} />;
  if (data.launch.length === 0) return <p class="empty">No task has begun yet.</p>;
  return <Drawn timeline={data} running={stage.status === 'ACTIVE'} />;
}

function Drawn({ timeline: t, running }: { timeline: Timeline; running: boolean }) {
  const { params } = useRoute();
  const set = useSetParams();
  const lanes = useMemo(() => packLanes(t, running ? Date.now() - t.fromMs : 0), [t]);
  const shares = useMemo(() => phaseShares(t), [t]);
  const rowHeight = lanes.rows > 120 ? 6 : lanes.rows > 40 ? 9 : 14;
  const wanted = Number(params.get('task') ?? '-1');
  const marked = useMemo(() => t.taskId.indexOf(wanted), [t, wanted]);
  const draw = (frame: Frame): number => {
    const { context: c } = frame;
    c.font = labelFont();
    const colour = palette();
    const [line, text] = [colour('--line'), colour('--muted')];
    c.textAlign = 'left';
    c.textBaseline = 'middle';
    for (let row = 0; row < lanes.rows; row++) {
      if (row > 0 && lanes.executorOfRow[row] === lanes.executorOfRow[row - 1]) continue;
      const y = frame.y + row * rowHeight - frame.top;
      c.fillStyle = line;
      c.fillRect(0, Math.round(y) - 1, frame.left + frame.width, 1);
      c.fillStyle = text;
      const name = t.executors[lanes.executorOfRow[row] ?? 0] ?? '';
      c.fillText(/^\d+$/.test(name) ? `executor ${name}` : name.slice(0, 12), 4, y + 8);
    }
    return drawTasks(frame, t, lanes, taskPaint(), marked);
  };
  const describe = (i: number) => (
    <>
      <b>
        Task {count(t.taskId[i])} · {STATES[t.state[i] ?? 1]}
      </b>
      <div>
        executor {t.executors[t.executor[i] ?? 0]}, {moment(t.fromMs + (t.launch[i] ?? 0))},{' '}
        {duration((lanes.end[i] ?? 0) - (t.launch[i] ?? 0))}
      </div>
      <table>
        <tbody>
          {PHASES.map(([key, name], p) =>
            (t.phases[p]?.[i] ?? 0) > 0 ? (
              <tr key={key}>
                <td>
                  <i class={`swatch ${key}`} /> {name}
                </td>
                <td class="numeric">{duration(t.phases[p]?.[i])}</td>
                <td class="numeric">{percent(t.phases[p]?.[i] ?? 0, t.duration[i] ?? 0)}</td>
              </tr>
            ) : null,
          )}
        </tbody>
      </table>
    </>
  );
  return (
    <>
      <TimeCanvas
        id="timeline"
        label={`timeline of ${count(t.launch.length)} tasks on ${count(t.executors.length)} executors`}
        originMs={t.fromMs}
        length={lanes.to}
        rows={lanes.rows}
        rowHeight={rowHeight}
        gutter={GUTTER}
        draw={draw}
        hit={(ms, row, near) => {
          const i = taskAt(t, lanes, row, ms, near);
          return i === undefined ? undefined : { content: describe(i), open: () => set({ task: t.taskId[i] }) };
        }}
        legend={
          <ul class="legend" aria-label="phases and their share of all task time">
            {PHASES.map(([key, name], p) => (
              <li key={key} class={(shares[p] ?? 0) < 0.0005 ? 'none' : ''}>
                <i class={`swatch ${key}`} /> {name} <small>{((shares[p] ?? 0) * 100).toFixed((shares[p] ?? 0) < 0.1 ? 1 : 0)} %</small>
              </li>
            ))}
          </ul>
        }
        on={[t, marked]}
      />
      {marked >= 0 && <div class="picked">{describe(marked)}</div>}
    </>
  );
}
