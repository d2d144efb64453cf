// The pages' beginning: which component draws which address (page-routes.ts). Everything that users named reaches the page as text nodes or
// attributes that preact escapes; nothing here makes HTML out of text.
import { type ComponentType, render } from 'preact';
import type { PageName } from '../page-routes.ts';
import { ApplicationScope } from './application.tsx';
import { EnvironmentPage } from './pages/environment.tsx';
import { ExecutorsPage } from './pages/executors.tsx';
import { JobPage } from './pages/job.tsx';
import { JobsPage } from './pages/jobs.tsx';
import { StagesPage } from './pages/stages.tsx';
import { StagePage } from './pages/stage.tsx';
import { RddPage, StoragePage } from './pages/storage.tsx';
import { Note } from './parts.tsx';
import { Router, useRoute } from './router.tsx';
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
};
const HISTORY: Partial<Record<PageName, ComponentType>> = {};

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

const at = document.getElementById('app');
if (at) {
  at.replaceChildren();
  render(
    <Router>
      <Page />
    </Router>,
    at,
  );
}
