// The beginning of the ResourceManager's and the NodeManager's pages: which component draws which address (page-routes.ts). Everything that users
// named reaches the page as text nodes or attributes that preact escapes; nothing here makes HTML out of text.
import type { ComponentType } from 'preact';
import { mount } from '../../browser/mount.tsx';
import { Note } from '../../browser/parts.tsx';
import type { ClusterPage } from '../page-routes.ts';
import { usePlace } from './page-links.tsx';
import { ApplicationPage } from './pages/application.tsx';
import { ApplicationsPage } from './pages/applications.tsx';
import { ClusterPageView } from './pages/cluster.tsx';
import { LogsPage } from './pages/logs.tsx';
import { NodeManagerPage } from './pages/node-manager.tsx';
import { NodePageView } from './pages/node.tsx';
import { NodesPage } from './pages/nodes.tsx';
import { QueuesPage } from './pages/queues.tsx';
import { SettingsPage } from './pages/settings.tsx';
import { NodeShell, RmShell } from './shell.tsx';

const RM: Partial<Record<ClusterPage, ComponentType>> = {
  cluster: ClusterPageView,
  apps: ApplicationsPage,
  'apps/:id': ApplicationPage,
  queues: QueuesPage,
  nodes: NodesPage,
  'nodes/:id': NodePageView,
  'containers/:id': LogsPage,
  settings: SettingsPage,
};
const NM: Partial<Record<ClusterPage, ComponentType>> = { node: NodeManagerPage, 'node/settings': SettingsPage, 'logs/:id': LogsPage };

function Page() {
  const { page = 'cluster', id } = usePlace();
  const Nm = NM[page];
  const Rm = RM[page];
  if (Nm) {
    return (
      <NodeShell>
        <Nm key={id} />
      </NodeShell>
    );
  }
  return <RmShell>{Rm ? <Rm key={id} /> : <Note tone="bad">There is no such page.</Note>}</RmShell>;
}

mount(<Page />);
