// What the threads of an executor or the driver do at this moment: their state and stacks. Source: Spark's ExecutorThreadDumpPage.
import { ParamSearch } from '../../../../browser/param-search.tsx';
import { useState } from 'preact/hooks';
import { useApi, useApp } from '../application.tsx';
import { Facts, Loading, Note, Section } from '../../../../browser/parts.tsx';
import type { ThreadDump } from '../rest.ts';
import { PageLink, useRoute } from '../page-links.tsx';
import { Heading } from '../../../../browser/frame.tsx';

export function ThreadDumpPage() {
  const { isLive, setting } = useApp();
  const { params } = useRoute();
  const [round, setRound] = useState(0);
  const id = params.get('executorId') ?? 'driver';
  const search = (params.get('q') ?? '').toLowerCase();
  const { data, error } = useApi<ThreadDump>(
    isLive ? `/executors/${encodeURIComponent(id)}/threads${round === 0 ? '' : `?round=${round}`}` : undefined,
    undefined,
    false,
  );
  const found = (data ?? []).filter((t) =>
    `${t.threadName} ${t.threadState} ${t.stackTrace.elems.join(' ')}`.toLowerCase().includes(search),
  );
  return (
    <>
      <Heading title={`Threads of ${id === 'driver' ? 'the driver' : `executor ${id}`}`}>
        <PageLink page="/executors/">all executors</PageLink>
        {isLive && setting('spark.ui.threadDump.flamegraphEnabled', 'true') === 'true' && (
          <PageLink page="/executors/flameGraph/" query={{ executorId: id }}>
            CPU flame graph
          </PageLink>
        )}
      </Heading>
      {!isLive && <Note tone="bad">Threads can be looked at while the application runs; this one is over.</Note>}
      {isLive && data === undefined && <Loading error={error} />}
      {data !== undefined && (
        <>
          <Facts facts={[['Threads', data.length], ...countBy(data)]} />
          <Section
            id="threads"
            title="Threads"
            size={found.length}
            aside={
              <>
                <ParamSearch param="q" hint="Search names and stacks" label="search threads" />
                <button type="button" onClick={() => setRound(round + 1)}>
                  Look again
                </button>
              </>
            }
          >
            <ul class="threads">
              {found.map((t) => (
                <li key={t.threadId}>
                  <h3>
                    {t.threadName}{' '}
                    <span class={`badge ${t.threadState === 'RUNNABLE' ? 'run' : t.threadState === 'BLOCKED' ? 'bad' : 'calm'}`}>
                      {t.threadState.toLowerCase()}
                    </span>{' '}
                    <small>thread {t.threadId}</small>
                  </h3>
                  <pre>
                    {t.stackTrace.elems.length === 0
                      ? 'no frames: it waits for something to do'
                      : t.stackTrace.elems.map((e) => e.trimEnd()).join('\n')}
                  </pre>
                </li>
              ))}
            </ul>
            {found.length === 0 && <p class="empty">No thread matches.</p>}
          </Section>
        </>
      )}
    </>
  );
}

function countBy(threads: ThreadDump): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const t of threads) counts.set(t.threadState, (counts.get(t.threadState) ?? 0) + 1);
  return [...counts].map(([state, n]) => [state.charAt(0) + state.slice(1).toLowerCase().replaceAll('_', ' '), n]);
}
