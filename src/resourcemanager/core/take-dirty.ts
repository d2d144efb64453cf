// What changed since the last commit, as records to save; nothing is dirty then. When that is due is rm-core.ts.
import type { Cluster } from './cluster.ts';
import type { SaveEffect } from './effects.ts';
import { labelsRecord } from './node-labels.ts';
import { applicationRecord, attemptRecord, nodeRecord } from './to-record.ts';

export function takeDirty(cluster: Cluster): SaveEffect[] {
  const saves: SaveEffect[] = [];
  for (const application of cluster.dirtyApplications) saves.push({ tag: 'saveApplication', record: applicationRecord(application) });
  for (const attempt of cluster.dirtyAttempts) saves.push({ tag: 'saveAttempt', record: attemptRecord(attempt) });
  for (const node of cluster.dirtyNodes) {
    const record = nodeRecord(node);
    saves.push(record === undefined ? { tag: 'forgetNode', id: node.id } : { tag: 'saveNode', record });
  }
  for (const id of cluster.dirtySizes) {
    const capacity = cluster.nodeSizes.get(id);
    saves.push(capacity === undefined ? { tag: 'forgetNodeSize', id } : { tag: 'saveNodeSize', record: { id, capacity } });
  }
  for (const id of cluster.forgotten) saves.push({ tag: 'forgetApplication', id });
  if (cluster.labelsDirty) saves.push({ tag: 'saveLabels', record: labelsRecord(cluster) });
  cluster.labelsDirty = false;
  cluster.dirtyApplications.clear();
  cluster.dirtyAttempts.clear();
  cluster.dirtyNodes.clear();
  cluster.dirtySizes.clear();
  cluster.forgotten.length = 0;
  return saves;
}
