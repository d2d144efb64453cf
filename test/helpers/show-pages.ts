// Serves the pages with invented or recorded data, to look at them: `node test/helpers/show-pages.ts [port] [driver|history|golden]`.
import { demoAnswers } from './demo-application.ts';
import { historyAnswers } from './demo-history.ts';
import { goldenAnswers } from './golden-pages.ts';
import { startPagesServer } from './pages-server.ts';

const [port = '4041', kind = 'driver'] = process.argv.slice(2);
const answers = kind === 'history' ? historyAnswers() : kind === 'golden' ? goldenAnswers : demoAnswers();
const server = await startPagesServer(kind === 'history' ? 'history' : 'driver', answers, Number(port));
process.stdout.write(`${server.url}\n`);
