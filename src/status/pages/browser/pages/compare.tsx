// Two runs side by side: what each cost in all, and stage by stage, the greatest difference first. The server aligns the stages
// (src/history/core/compare.ts); `?a=` and `?b=` are `ID` or `ID/ATTEMPT`.
import { useState } from 'preact/hooks';
import type { Comparison, Cost, RunSide, StageSide } from '../../../comparison.ts';
import { type ApplicationTable, baseOf } from '../../page-routes.ts';
import { bytes, count, duration, moment } from '../../../../browser/format.ts';
import { Facts, Loading, Section } from '../../../../browser/parts.tsx';
import type { Application } from '../rest.ts';
import { Link, queryText, useSetParams } from '../../../../browser/router.tsx';
import { useRoute } from '../page-links.tsx';
import { Heading } from '../../../../browser/frame.tsx';
import { type Column, DataTable } from '../../../../browser/table.tsx';
import { useData } from '../../../../browser/use-data.ts';

const COSTS: readonly (readonly [keyof Cost, string, (n: number) => string])[] = [
  ['durationMs', 'Stages, one after the other', duration],
  ['runTimeMs', 'Task time', duration],
  ['cpuTimeMs', 'CPU time', duration],
  ['gcTimeMs', 'Garbage collection', duration],
  ['tasks', 'Tasks', count],
  ['failedTasks', 'Failed tasks', count],
  ['inputBytes', 'Input', bytes],
  ['outputBytes', 'Output', bytes],
  ['shuffleReadBytes', 'Shuffle read', bytes],
  ['shuffleWriteBytes', 'Shuffle write', bytes],
  ['memorySpilledBytes', 'Spill (memory)', bytes],
  ['diskSpilledBytes', 'Spill (disk)', bytes],
];

/** Green: B needs less. Less than 3 % apart says nothing. */
export function Change({ a, b }: { a: number; b: number }) {
  if (a === b) return <span class="muted">same</span>;
  if (a === 0) return <span class="bad-text">new</span>;
  const part = (b - a) / a;
  const tone = Math.abs(part) < 0.03 ? 'muted' : part > 0 ? 'bad-text' : 'good-text';
  const text = part >= 1 ? `× ${(b / a).toFixed(1)}` : `${part > 0 ? '+' : '−'}${Math.abs(part * 100).toFixed(0)} %`;
  return <span class={tone}>{text}</span>;
}

export function ComparePage() {
  const { place, params } = useRoute();
  const set = useSetParams();
  const a = params.get('a') ?? '';
  const b = params.get('b') ?? '';
  const { data, error } = useData<Comparison>(
    a !== '' && b !== '' ? `${place.root}/ui/api/compare${queryText({ left: a, right: b })}` : undefined,
  );
  return (
    <>
      <Heading title="Compare two runs" />
      <div class="runs">
        <RunField name="A" value={a} onPick={(run) => set({ a: run }, false)} />
        <button
          type="button"
          aria-label="exchange A and B"
          title="Exchange"
          disabled={a === '' && b === ''}
          onClick={() => set({ a: b, b: a }, false)}
        >
          ⇄
        </button>
        <RunField name="B" value={b} onPick={(run) => set({ b: run }, false)} />
      </div>
      {a === '' || b === '' ? (
        <p class="empty">Give the ids of two applications, or choose two in the list of applications.</p>
      ) : data === undefined ? (
        <Loading error={error} />
      ) : (
        <Compared comparison={data} />
      )}
    </>
  );
}

/** A field that finds applications while one types. */
function RunField({ name, value, onPick }: { name: string; value: string; onPick: (run: string) => void }) {
  const { place } = useRoute();
  const [text, setText] = useState<string>();
  const found = useData<ApplicationTable<Application>>(
    `${place.root}/ui/api/applications${queryText({ offset: 0, length: 12, search: (text ?? '').split('/')[0] ?? '' })}`,
  ).data;
  return (
    <label class="run-field">
      <b>{name}</b>
      <input
        type="text"
        list={`runs-${name}`}
        placeholder="application id, name or user"
        value={text ?? value}
        onInput={(e) => setText(e.currentTarget.value)}
        onChange={(e) => {
          onPick(e.currentTarget.value.trim());
          setText(undefined);
        }}
      />
      <datalist id={`runs-${name}`}>
        {(found?.applications ?? []).flatMap((app) =>
          app.attempts.map((t) => {
            const run = `${app.id}${t.attemptId === undefined ? '' : `/${t.attemptId}`}`;
            return (
              <option key={run} value={run}>
                {app.name}, {moment(t.startTimeEpoch)}
              </option>
            );
          }),
        )}
      </datalist>
    </label>
  );
}

function Compared({ comparison: { left, right, stages } }: { comparison: Comparison }) {
  const { place } = useRoute();
  const base = (side: RunSide): string => baseOf({ root: place.root, appId: side.id, attemptId: side.attemptId });
  const stageLink = (side: RunSide, stage: StageSide | undefined) =>
    stage && <Link href={`${base(side)}/stages/stage/${queryText({ id: stage.stageId, attempt: stage.attemptId })}`}>{stage.stageId}</Link>;
  const rows = stages.map((p, i) => ({ ...p, i }));
  type Row = (typeof rows)[number];
  const cost = (key: keyof Cost, title: string, text: (n: number) => string): Column<Row> => ({
    key,
    title,
    numeric: true,
    by: (p) => (p.right?.cost[key] ?? 0) - (p.left?.cost[key] ?? 0),
    cell: (p) => (
      <>
        {p.left ? text(p.left.cost[key]) : '–'} → {p.right ? text(p.right.cost[key]) : '–'}
        {p.left && p.right && (
          <div>
            <Change a={p.left.cost[key]} b={p.right.cost[key]} />
          </div>
        )}
      </>
    ),
  });
  const columns: readonly Column<Row>[] = [
    { key: 'a', title: 'A', by: (p) => p.left?.stageId, cell: (p) => stageLink(left, p.left) ?? '–' },
    { key: 'b', title: 'B', by: (p) => p.right?.stageId, cell: (p) => stageLink(right, p.right) ?? '–' },
    {
      key: 'name',
      title: 'Stage',
      wide: true,
      by: (p) => p.left?.name ?? p.right?.name,
      cell: (p) => (
        <>
          <span class="strong">{p.left?.name ?? p.right?.name}</span>
          {p.left && p.right && p.left.name !== p.right.name && <div class="muted">in B: {p.right.name}</div>}
          {!p.left && <div class="muted">only in B</div>}
          {!p.right && <div class="muted">only in A</div>}
          {p.by === 'position' && <div class="muted">paired by place, not by name</div>}
        </>
      ),
    },
    cost('durationMs', 'Duration', duration),
    cost('runTimeMs', 'Task time', duration),
    cost('tasks', 'Tasks', count),
    cost('inputBytes', 'Input', bytes),
    cost('shuffleReadBytes', 'Shuffle read', bytes),
    cost('diskSpilledBytes', 'Spill (disk)', bytes),
  ];
  return (
    <>
      <Facts
        facts={[left, right].map((side, i) => [
          i === 0 ? 'A' : 'B',
          <>
            <Link href={`${base(side)}/jobs/`}>{side.name}</Link>
            <div class="muted">
              {moment(side.startTimeMs)}, {side.completed ? duration(side.durationMs) : 'incomplete'}
            </div>
          </>,
        ])}
      />
      <Section id="total" title="In all">
        <div class="scroll">
          <table aria-label="costs of both runs">
            <thead>
              <tr>
                <th scope="col">Cost</th>
                {['A', 'B', 'Change'].map((name) => (
                  <th key={name} scope="col" class="numeric">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              <tr>
                <th scope="row">Duration of the application</th>
                <td class="numeric">{duration(left.durationMs)}</td>
                <td class="numeric">{duration(right.durationMs)}</td>
                <td class="numeric">
                  <Change a={left.durationMs} b={right.durationMs} />
                </td>
              </tr>
              {COSTS.filter(([key]) => left.total[key] > 0 || right.total[key] > 0).map(([key, title, text]) => (
                <tr key={key}>
                  <th scope="row">{title}</th>
                  <td class="numeric">{text(left.total[key])}</td>
                  <td class="numeric">{text(right.total[key])}</td>
                  <td class="numeric">
                    <Change a={left.total[key]} b={right.total[key]} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Section>
      <Section id="stages" title="Stage by stage" size={stages.length}>
        <DataTable
          id="stages"
          label="stages of both runs"
          columns={columns}
          rows={rows}
          rowKey={(p) => p.i}
          usual="-durationMs"
          text={(p) => `${p.left?.name ?? ''} ${p.right?.name ?? ''}`}
          searchHint="Search stages"
          empty="No stage ran in either."
        />
      </Section>
    </>
  );
}
