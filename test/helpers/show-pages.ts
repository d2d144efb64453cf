// Serves the pages with the invented application, to look at them: `node test/helpers/show-pages.ts [port] [driver|history]`.
import { demoAnswers } from './demo-application.ts';
import { historyAnswers } from './demo-history.ts';
import { startPagesServer } from './pages-server.ts';

const [port = '4041', kind = 'driver'] = process.argv.slice(2);
const server = await startPagesServer(
  kind === 'history' ? 'history' : 'driver',
  kind === 'history' ? historyAnswers() : demoAnswers(),
  Number(port),
);
process.stdout.write(`${server.url}\n`);
