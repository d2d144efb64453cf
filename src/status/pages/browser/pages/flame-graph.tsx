// What an executor's CPU does, recorded now for some seconds and drawn as a flame graph: time goes to the right, callees stand below their callers.
// A click looks closer; frames are TypeScript lines. The samples come from the server (page-routes.ts, profile).
import { ParamSearch } from '../../../../browser/param-search.tsx';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useApp } from '../application.tsx';
import { count, percent } from '../../../../browser/format.ts';
import { type Frame, frameAt, frameBoxes, hottest, ownerOf, type Recording, recordingOf, unfold } from '../flame.ts';
import { Note, Section } from '../../../../browser/parts.tsx';
import { PageLink, useRoute } from '../page-links.tsx';
import { useSetParams } from '../../../../browser/router.tsx';
import { Heading } from '../../../../browser/frame.tsx';
import { type Column, DataTable } from '../../../../browser/table.tsx';
import { ask } from '../../../../browser/use-data.ts';

const LEAST_SHARE = 0.0012;
const ROW = 20;

export function FlameGraphPage() {
  const { ui, isLive } = useApp();
  const { params } = useRoute();
  const set = useSetParams();
  const id = params.get('executorId') ?? 'driver';
  const seconds = Math.min(60, Math.max(1, Number(params.get('seconds') ?? '5') || 5));
  const again = params.get('live') === 'yes';
  const [text, setText] = useState<string>();
  const [fault, setFault] = useState<string>();
  const [left, setLeft] = useState<number>();
  const [round, setRound] = useState(0);
  const wanted = useRef(again);
  wanted.current = again;
  useEffect(() => {
    if (!isLive) return undefined;
    let ended = false;
    const stop = new AbortController();
    setLeft(seconds);
    const ticks = setInterval(() => setLeft((n) => (n === undefined ? n : Math.max(0, n - 1))), 1000);
    ask(`${ui}/executors/${encodeURIComponent(id)}/profile?seconds=${seconds}`, stop.signal)
      .then((folded) => {
        if (ended) return;
        setText(folded);
        setFault(undefined);
        if (wanted.current) setRound((n) => n + 1);
      })
      .catch((e: Error) => !ended && setFault(e.message))
      .finally(() => {
        if (ended) return;
        clearInterval(ticks);
        setLeft(undefined);
      });
    return () => {
      ended = true;
      clearInterval(ticks);
      stop.abort();
    };
  }, [ui, id, seconds, round, isLive]);
  return (
    <>
      <Heading title={`CPU of executor ${id}`}>
        <PageLink page="/executors/">all executors</PageLink>
      </Heading>
      {!isLive && <Note tone="bad">A CPU profile is recorded while the application runs; this one is over.</Note>}
      {isLive && (
        <div class="record">
          <button type="button" disabled={left !== undefined} onClick={() => setRound(round + 1)}>
            {left === undefined ? 'Record again' : `Recording … ${left} s`}
          </button>
          <select aria-label="seconds to record" value={seconds} onChange={(e) => set({ seconds: e.currentTarget.value })}>
            {[...new Set([1, 5, 10, 30, 60, seconds])].map((s) => (
              <option key={s} value={s}>
                {s} s
              </option>
            ))}
          </select>
          <label>
            <input
              type="checkbox"
              checked={again}
              onChange={(e) => {
                set({ live: e.currentTarget.checked ? 'yes' : '' });
                if (e.currentTarget.checked && left === undefined) setRound(round + 1);
              }}
            />{' '}
            keep recording
          </label>
        </div>
      )}
      {fault !== undefined && <Note tone="bad">{fault}</Note>}
      {text !== undefined && <Flames text={text} />}
    </>
  );
}

const HOT: readonly Column<{ name: string; self: number; samples: number; of: number }>[] = [
  { key: 'name', title: 'Function', wide: true, by: (f) => f.name, cell: (f) => <code>{f.name}</code> },
  { key: 'self', title: 'Own time', numeric: true, by: (f) => f.self, cell: (f) => percent(f.self, f.of) },
  { key: 'all', title: 'With callees', numeric: true, by: (f) => f.samples, cell: (f) => percent(f.samples, f.of) },
];

function Flames({ text }: { text: string }) {
  const { params } = useRoute();
  const set = useSetParams();
  const root = useMemo(() => unfold(text), [text]);
  const path = params.get('frame') ?? '';
  const find = (params.get('find') ?? '').toLowerCase();
  const shown: Frame = frameAt(root, path);
  const boxes = useMemo(() => frameBoxes(shown, LEAST_SHARE, shown === root ? '' : path), [shown, path]);
  const hot = useMemo(() => hottest(root, 30).map((f) => ({ ...f, of: root.samples })), [root]);
  const recording = recordingOf(text);
  if (root.samples === 0) {
    return (
      <>
        <p class="empty">Nothing ran while it was recorded.</p>
        {recording && <HowRecorded of={recording} />}
      </>
    );
  }
  const depth = Math.max(...boxes.map((b) => b.depth)) + 1;
  return (
    <>
      <Section id="flames" title="Flame graph" size={root.samples}>
        <div class="timetools">
          <ParamSearch param="find" hint="Find a function or file" label="find in the flame graph" />
          <ul class="legend">
            <li>
              <i class="swatch flame-user" /> your code
            </li>
            <li>
              <i class="swatch flame-engine" /> Emberloom
            </li>
            <li>
              <i class="swatch flame-node" /> Node.js and V8
            </li>
          </ul>
          {path !== '' && (
            <span class="zoom">
              <button type="button" onClick={() => set({ frame: '' }, false)}>
                show all
              </button>
            </span>
          )}
        </div>
        {recording && <HowRecorded of={recording} />}
        <div class="flames" role="tree" aria-label="flame graph" style={{ height: `${depth * ROW + 8}px` }}>
          {boxes.map((b) => (
            <button
              key={b.path === '' ? 'all' : b.path}
              type="button"
              role="treeitem"
              aria-level={b.depth + 1}
              class={`frame ${b.depth === 0 && path === '' ? 'root' : ownerOf(b.frame.name)}${find !== '' && b.frame.name.toLowerCase().includes(find) ? ' lit' : ''}`}
              style={{ left: `${b.left * 100}%`, width: `${b.width * 100}%`, top: `${b.depth * ROW}px` }}
              title={`${b.frame.name}\n${count(b.frame.samples)} samples, ${percent(b.frame.samples, root.samples)} of all; own ${percent(b.frame.self, root.samples)}`}
              onClick={() => set({ frame: b.path }, false)}
            >
              {b.frame.name}
            </button>
          ))}
        </div>
      </Section>
      <Section id="hot" title="Where the time goes">
        <DataTable id="hot" label="functions by their own time" columns={HOT} rows={hot} rowKey={(f) => f.name} usual="-self" />
      </Section>
    </>
  );
}

/** What the picture stands on. */
function HowRecorded({ of: { slots, samples, idle, intervalUs, silent } }: { of: Recording }) {
  return (
    <>
      <p class="recorded">
        {`${count(samples)} samples of ${slots} ${slots === 1 ? 'task slot' : 'task slots'}, one each ${(intervalUs / 1000).toFixed(2)} ms; `}
        {`${percent(idle, samples)} of them found nothing to do and are left out. While it records, tasks are slower.`}
      </p>
      {silent.length > 0 && (
        <Note tone="bad">
          {`${silent.length === 1 ? 'Slot' : 'Slots'} ${silent.join(', ')} did not answer: in a native call, waiting, or started anew meanwhile.`}
        </Note>
      )}
    </>
  );
}
