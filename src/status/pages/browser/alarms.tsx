// Alarms: what looks wrong and what to do about it, as cards above a page and as badges beside stages and jobs. Found by the server (alarms/).
import type { Alarm } from '../../store/status-view.ts';
import { plural } from '../../../browser/format.ts';
import { PageLink } from './page-links.tsx';

const TITLES: Readonly<Record<string, string>> = {
  skew: 'Skew',
  spill: 'Spill',
  straggler: 'Straggler',
  tinyTasks: 'Tiny tasks',
  tooFewTasks: 'Too few tasks',
  idleCores: 'Idle cores',
  gc: 'Garbage collection',
  largeClosure: 'Large closure',
  waitingForExecutors: 'Waiting for executors',
};
const TONES = { info: 'calm', warning: 'warn', serious: 'bad' } as const;
const RANK = { serious: 0, warning: 1, info: 2 } as const;
export const alarmTitle = (kind: string): string => TITLES[kind] ?? kind;
const worstFirst = (alarms: readonly Alarm[]): readonly Alarm[] => [...alarms].sort((a, b) => RANK[a.severity] - RANK[b.severity]);

export const ofStage = (alarms: readonly Alarm[] | undefined, stageId: number, attemptId?: number): readonly Alarm[] =>
  (alarms ?? []).filter(
    (a) => a.stageId === stageId && (attemptId === undefined || a.attemptId === undefined || a.attemptId === attemptId),
  );

export function AlarmBadges({ alarms }: { alarms: readonly Alarm[] }) {
  return (
    <>
      {worstFirst(alarms).map((a) => (
        <span key={a.kind + a.message} class={`badge alarm ${TONES[a.severity]}`} title={`${a.message}\n${a.advice}`}>
          {alarmTitle(a.kind)}
        </span>
      ))}
    </>
  );
}

/** @param where also say which stage */
export function AlarmCards({ alarms, where = false }: { alarms: readonly Alarm[]; where?: boolean }) {
  if (alarms.length === 0) return null;
  const shown = worstFirst(alarms);
  return (
    <section class="alarms" aria-label={plural(alarms.length, 'alarm')}>
      {shown.slice(0, 6).map((a) => (
        <article key={a.kind + a.message} class={`alarm-card ${TONES[a.severity]}`}>
          <h3>
            {alarmTitle(a.kind)}
            {where && a.stageId !== undefined && (
              <PageLink page="/stages/stage/" query={{ id: a.stageId, attempt: a.attemptId ?? 0 }}>
                Stage {a.stageId}
              </PageLink>
            )}
          </h3>
          <p>{a.message}</p>
          <p class="advice">{a.advice}</p>
        </article>
      ))}
      {shown.length > 6 && <p class="muted">and {plural(shown.length - 6, 'more alarm')}: see the badges below.</p>}
    </section>
  );
}
