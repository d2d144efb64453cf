// The pages' beginning: which component draws which address (page-routes.ts). Everything that users named reaches the page as text nodes or
// attributes that preact escapes; nothing here makes HTML out of text.
import type { ComponentType } from 'preact';
import type { PageName } from '../page-routes.ts';
import { ApplicationScope } from './application.tsx';
import { ComparePage } from './pages/compare.tsx';
import { EnvironmentPage } from './pages/environment.tsx';
import { ExecutorsPage } from './pages/executors.tsx';
import { FlameGraphPage } from './pages/flame-graph.tsx';
import { HistoryPage } from './pages/history.tsx';
import { JobPage } from './pages/job.tsx';
import { JobsPage } from './pages/jobs.tsx';
import { SqlExecutionPage, SqlPage } from './pages/sql.tsx';
import { StagesPage } from './pages/stages.tsx';
import { StagePage } from './pages/stage.tsx';
import { RddPage, StoragePage } from './pages/storage.tsx';
import { ThreadDumpPage } from './pages/thread-dump.tsx';
import { Note } from '../../../browser/parts.tsx';
import { mount } from '../../../browser/mount.tsx';
import { useRoute } from './page-links.tsx';
import { ApplicationShell, HistoryShell } from './shell.tsx';

const APPLICATION: Partial<Record<PageName, ComponentType>> = {
  '/jobs/': JobsPage,
  '/jobs/job/': JobPage,
  '/stages/': StagesPage,
  '/stages/stage/': StagePage,
  '/storage/': StoragePage,
  '/storage/rdd/': RddPage,
  '/environment/': EnvironmentPage,
  '/executors/': ExecutorsPage,
  '/executors/threadDump/': ThreadDumpPage,
  '/executors/flameGraph/': FlameGraphPage,
  '/SQL/': SqlPage,
  '/SQL/execution/': SqlExecutionPage,
};
const HISTORY: Partial<Record<PageName, ComponentType>> = { '/': HistoryPage, '/compare/': ComparePage };

function Page() {
  const { place } = useRoute();
  const page = place.page ?? '/jobs/';
  const History = HISTORY[page];
  if (History) {
    return (
      <HistoryShell>
        <History />
      </HistoryShell>
    );
  }
  const Application = APPLICATION[page];
  return (
    <ApplicationScope key={`${place.root} ${place.appId} ${place.attemptId}`}>
      <ApplicationShell>{Application ? <Application /> : <Note tone="bad">There is no such page.</Note>}</ApplicationShell>
    </ApplicationScope>
  );
}

mount(<Page />);
