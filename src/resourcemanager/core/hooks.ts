// Where ends of containers lead: the moves of attempts, applications and nodes that follow from one. Beside cluster.ts, which calls them,
// so that no file there needs one above it.
import { chooseAgain } from './am-placement.ts';
import { amEnded, moveAttempt, retire } from './attempt-events.ts';
import { isEmpty } from './leaving-nodes.ts';
import { moveNode } from './node-events.ts';
import { standaloneEnded, standaloneRuns } from './standalone.ts';
import type { Cluster, Hooks } from './cluster.ts';

export const hooksOf = (cluster: Cluster): Hooks => ({
  amRunning: (attempt) => {
    moveAttempt(cluster, attempt, { tag: 'amRunning' });
    standaloneRuns(cluster, attempt);
  },
  amEnded: (attempt, end) => {
    if (!standaloneEnded(cluster, attempt, end)) amEnded(cluster, attempt, end);
  },
  released: (application, node) => {
    retire(cluster, application);
    cluster.hooks.nodeMayBeEmpty(node);
  },
  nodesChanged: () => chooseAgain(cluster),
  nodeMayBeEmpty: (node) => {
    if (node.state.tag === 'DECOMMISSIONING' && isEmpty(node))
      cluster.startTimer(`drain ${node.id}`, 0, () => moveNode(cluster, node, { tag: 'drained' }));
  },
});
