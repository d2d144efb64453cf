// A container's log files, while it runs and after: the end first, earlier parts on demand, followed while it grows, searched by the server so that
// gigabytes need not come here. Text is text: nothing in a log becomes HTML.
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { bytes, moment, plural } from '../../../browser/format.ts';
import { Heading } from '../../../browser/frame.tsx';
import { Loading, Note } from '../../../browser/parts.tsx';
import { useSetParams, useUrl } from '../../../browser/router.tsx';
import type { LogFile } from '../../model/node-page.ts';
import { UI_API } from '../../page-routes.ts';
import { LogSearch } from '../log-search.tsx';
import { usePlace, useUi } from '../page-links.tsx';
import { type LogView, useLog } from '../use-log.ts';

export function LogsPage() {
  const { id, root } = usePlace();
  const { params } = useUrl();
  const set = useSetParams();
  const { data: files, error } = useUi<readonly LogFile[]>(`logs/${encodeURIComponent(id)}`, 'containers');
  const asked = params.get('file') ?? '';
  const usual = files?.find((f) => f.name === 'stderr' && f.sizeBytes > 0) ?? files?.find((f) => f.sizeBytes > 0) ?? files?.[0];
  const name = asked === '' ? usual?.name : asked;
  const base = `${root}${UI_API}/logs/${encodeURIComponent(id)}`;
  return (
    <>
      <Heading title="Logs">
        <code class="subtitle">{id}</code>
      </Heading>
      {files === undefined ? (
        <Loading error={error} />
      ) : (
        <nav class="attempts" aria-label="files">
          {files.map((f) => (
            <a
              key={f.name}
              href={`?file=${encodeURIComponent(f.name)}`}
              aria-current={f.name === name ? 'true' : undefined}
              title={`changed ${moment(f.modifiedAtMs)}`}
              onClick={(e) => {
                e.preventDefault();
                set({ file: f.name, at: '' }, false);
              }}
            >
              {f.name} <small>{bytes(f.sizeBytes)}</small>
            </a>
          ))}
        </nav>
      )}
      {files?.length === 0 && (
        <Note>This node has no log files of that container: it never ran here, or they were swept after their time.</Note>
      )}
      {name !== undefined && <LogText key={name} base={base} name={name} />}
    </>
  );
}

function LogText({ base, name }: { base: string; name: string }) {
  const { params } = useUrl();
  const set = useSetParams();
  const at = params.get('at');
  const log = useLog(base, name, at === null ? undefined : Number(at) || 0, params.get('follow') !== 'no');
  const box = useRef<HTMLPreElement>(null);
  const search = params.get('q') ?? '';
  const follows = log.follows && at === null;
  useEffect(() => {
    if (follows && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [log.text, follows]);
  return (
    <section class="section list log-page" aria-label={`log ${name}`}>
      <div class="log-tools">
        <LogSearch base={base} name={name} onPick={(offset) => set({ at: offset }, false)} />
        <label class="follow">
          <input type="checkbox" checked={follows} onChange={(e) => set({ follow: e.currentTarget.checked ? '' : 'no', at: '' })} /> follow
        </label>
        <span class="muted" role="status">
          {stateOf(log)}
        </span>
      </div>
      {log.error !== undefined && <Note tone="bad">{log.error}</Note>}
      <pre class="log-text" ref={box}>
        {log.from > 0 && (
          <button type="button" class="earlier" onClick={log.earlier}>
            Earlier ({bytes(log.from)} more)
          </button>
        )}
        <Marked text={log.text} search={search} />
        {log.end < log.sizeBytes && !follows && (
          <button type="button" class="earlier" onClick={log.later}>
            Later ({bytes(log.sizeBytes - log.end)} more)
          </button>
        )}
      </pre>
    </section>
  );
}

function stateOf(log: LogView): string {
  if (log.loading) return 'Loading …';
  if (log.sizeBytes === 0) return log.running ? 'Empty so far; the container runs.' : 'Empty.';
  return `${bytes(log.sizeBytes)}, ${log.running ? 'the container runs' : 'complete'}`;
}

const MOST_MARKS = 5_000;
/** What is searched for is marked in what is shown. */
function Marked({ text, search }: { text: string; search: string }) {
  const parts = useMemo(() => {
    if (search === '') return [text];
    const low = text.toLowerCase();
    const word = search.toLowerCase();
    const found: string[] = [];
    let from = 0;
    for (let at = low.indexOf(word); at >= 0 && found.length < 2 * MOST_MARKS; at = low.indexOf(word, from)) {
      found.push(text.slice(from, at), text.slice(at, at + word.length));
      from = at + word.length;
    }
    return [...found, text.slice(from)];
  }, [text, search]);
  const marks = (parts.length - 1) / 2;
  return (
    <>
      <span class="unseen">{search !== '' && `${plural(marks, 'place')} marked`}</span>
      {parts.map((part, i) => (i % 2 === 1 ? <mark key={i}>{part}</mark> : part))}
    </>
  );
}
