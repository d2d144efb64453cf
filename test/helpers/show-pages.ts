// Serves the pages with invented or recorded data, to look at them: `node test/helpers/show-pages.ts [port] [driver|history|golden|cluster|node]`.
import { serveCluster, serveNode } from './cluster-pages-server.ts';
import { demoAnswers } from './demo-application.ts';
import { demoCluster } from './demo-cluster.ts';
import { historyAnswers } from './demo-history.ts';
import { demoNode } from './demo-node.ts';
import { goldenAnswers } from './golden-pages.ts';
import { startPagesServer } from './pages-server.ts';

const [asked = '4041', kind = 'driver'] = process.argv.slice(2);
const port = Number(asked);
const serve = async (): Promise<{ readonly url: string }> => {
  if (kind === 'cluster') return serveCluster(demoCluster({ applications: 100_000, live: 30 }), port);
  if (kind === 'node') return serveNode(demoNode(), port);
  const answers = kind === 'history' ? historyAnswers() : kind === 'golden' ? goldenAnswers : demoAnswers();
  return startPagesServer(kind === 'history' ? 'history' : 'driver', answers, port);
};
process.stdout.write(`${(await serve()).url}\n`);
