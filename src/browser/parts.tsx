// Small things that several pages show: badges, progress bars, facts, notes, sections that remember whether they are open. No data is fetched here.
import type { ComponentChildren } from 'preact';
import { count } from './format.ts';
import { useUrl, useSetParams } from './router.tsx';

const TONES: Readonly<Record<string, string>> = {
  RUNNING: 'run',
  ACTIVE: 'run',
  'GET RESULT': 'run',
  SUCCEEDED: 'good',
  SUCCESS: 'good',
  COMPLETE: 'good',
  COMPLETED: 'good',
  Active: 'good',
  FAILED: 'bad',
  KILLED: 'warn',
  Excluded: 'warn',
  ACCEPTED: 'warn',
  FINISHED: 'good',
  UNHEALTHY: 'bad',
  LOST: 'bad',
  DECOMMISSIONING: 'warn',
  STOPPED: 'warn',
  DRAINING: 'warn',
  EXITED_WITH_SUCCESS: 'good',
  EXITED_WITH_FAILURE: 'bad',
  KILLING: 'warn',
  PENDING: 'calm',
  SKIPPED: 'calm',
  Dead: 'calm',
};
export const Status = ({ of }: { of: string }) => (
  <span class={`badge ${TONES[of] ?? 'calm'}`}>{of.charAt(0) + of.slice(1).toLowerCase().replaceAll('_', ' ')}</span>
);

/** What a job and a stage have alike. */
type Progressed = {
  readonly numTasks: number;
  readonly numCompletedIndices: number;
  readonly numActiveTasks: number;
  readonly numFailedTasks: number;
  readonly numKilledTasks: number;
  /** Of jobs: they are not waited for. */
  readonly numSkippedTasks?: number;
  readonly killedTasksSummary: Readonly<Record<string, number>>;
};
/** Tasks of a job or stage, as `12/32 (4 running) (1 failed)`. Source: Spark's UIUtils.makeProgressBar. */
export function Progress({ of }: { of: Progressed }) {
  const {
    numCompletedIndices: done,
    numActiveTasks: running,
    numFailedTasks: failed,
    numKilledTasks: killed,
    numSkippedTasks: skipped = 0,
  } = of;
  const total = of.numTasks - skipped;
  const share = (n: number): number => (total > 0 ? Math.min(100, (100 * n) / total) : 0);
  const reasons = Object.entries(of.killedTasksSummary).map(([reason, n]) => `${n} killed: ${reason}`);
  const words = [
    `${count(done)}/${count(total)}`,
    running > 0 && done < total ? `${count(running)} running` : '',
    failed > 0 ? `${count(failed)} failed` : '',
    skipped > 0 ? `${count(skipped)} skipped` : '',
    killed > 0 ? `${count(killed)} killed` : '',
  ].filter((w) => w !== '');
  return (
    <div class="progress" title={[words.join(', '), ...reasons].join('\n')}>
      <div
        class="bar"
        role="progressbar"
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={done}
        aria-label={`tasks: ${words.join(', ')}`}
      >
        <i class={`done${failed > 0 ? ' hurt' : ''}`} style={{ width: `${share(done)}%` }} />
        <i class="running" style={{ width: `${Math.min(share(running), 100 - share(done))}%` }} />
      </div>
      <span class="words">
        {words[0]}
        {words.slice(1).map((w) => (
          <small key={w} class={w.endsWith('failed') ? 'bad-text' : ''}>
            {' '}
            {w}
          </small>
        ))}
      </span>
    </div>
  );
}

type MeterProps = { readonly part: number; readonly whole: number; readonly text: string; readonly label: string; readonly calm?: boolean };
/**
 * A share of something limited, such as memory.
 * @param calm being full is good, or at least no reason to worry
 */
export function Meter({ part, whole, text, label, calm = false }: MeterProps) {
  const share = whole > 0 ? Math.min(100, (100 * part) / whole) : 0;
  return (
    <div class="progress">
      <div class="bar" role="img" aria-label={`${label}: ${text}`}>
        <i class={share > 90 && !calm ? 'done hot' : 'done'} style={{ width: `${share}%` }} />
      </div>
      <span class="words">{text}</span>
    </div>
  );
}

export type Fact = readonly [name: string, value: ComponentChildren];
/** Names and values at the top of a page. Without a value a fact is left out. */
export const Facts = ({ facts }: { facts: readonly (Fact | undefined | false)[] }) => (
  <dl class="facts">
    {facts.map(
      (fact) =>
        fact &&
        fact[1] !== undefined &&
        fact[1] !== false &&
        fact[1] !== '' && (
          <div key={fact[0]}>
            <dt>{fact[0]}</dt>
            <dd>{fact[1]}</dd>
          </div>
        ),
    )}
  </dl>
);

export const Note = ({ children, tone = 'calm' }: { children: ComponentChildren; tone?: 'calm' | 'bad' | 'warn' }) => (
  <p class={`note ${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
    {children}
  </p>
);

type SectionProps = {
  readonly id: string;
  readonly title: string;
  readonly size?: number | undefined;
  readonly aside?: ComponentChildren;
  readonly closed?: boolean;
  readonly children: ComponentChildren;
};
/** Can be folded; the address remembers those that are not as usual. */
export function Section({ id, title, size, aside, closed = false, children }: SectionProps) {
  const { params } = useUrl();
  const set = useSetParams();
  const name = closed ? 'open' : 'shut';
  const listed = (params.get(name) ?? '').split(',').filter((s) => s !== '');
  const isOpen = closed === listed.includes(id);
  const turn = (): void => {
    const rest = listed.filter((s) => s !== id);
    set({ [name]: (listed.includes(id) ? rest : [...rest, id]).join(',') });
  };
  return (
    <section class="section" id={id} aria-label={title}>
      <header>
        <h2>
          <button type="button" class="fold" aria-expanded={isOpen} aria-controls={`${id}-body`} onClick={turn}>
            <span class="caret" aria-hidden="true" />
            {title}
            {size !== undefined && <span class="size">{count(size)}</span>}
          </button>
        </h2>
        {isOpen && aside}
      </header>
      <div id={`${id}-body`} hidden={!isOpen}>
        {isOpen && children}
      </div>
    </section>
  );
}

export const Loading = ({ error }: { error?: string | undefined }) =>
  error === undefined ? <p class="note calm loading">Loading …</p> : <Note tone="bad">{error}</Note>;
