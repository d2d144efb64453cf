// The cluster's node labels and which node has which: added, taken away and given by operators (yarn rmadmin), kept in the store. One node
// has one label, as in YARN's centralized configuration; nodes without one make the default partition. What labels mean for placing is
// scheduler/capacity/. Source: YARN's CommonNodeLabelsManager.
import { AppError } from '../../common/errors.ts';
import { nearest } from '../../common/suggest.ts';
import type { Cluster } from './cluster.ts';
import type { Node } from './entities.ts';
import type { RmEvent } from './events.ts';
import type { LabelsRecord } from './records.ts';
import type { Label } from './scheduler/scheduler-port.ts';

type LabelsChanged = Extract<RmEvent, { tag: 'labelsChanged' }>;

const LABEL_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,254}$/;
const NODE_NAME = /^[A-Za-z0-9_.:-]{1,255}$/;

/** All of it, or nothing. @throws AppError LABEL_INVALID */
export function labelsChanged(cluster: Cluster, { add, remove, replace }: LabelsChanged): void {
  const { scheduler, nodeLabels } = cluster;
  const next = new Map(scheduler.labels().map((label) => [label.name, label]));
  for (const label of add) next.set(label.name, checked(label, next.get(label.name)));
  for (const name of remove) {
    if (!next.delete(name)) throw unknown(name, next);
    const having = [...nodeLabels].find(([node, label]) => label === name && !replace.some((r) => r.node === node));
    if (having !== undefined)
      throw new AppError('LABEL_INVALID', { label: name, reason: `node ${having[0]} has it; replace it there first` });
  }
  for (const { node, label } of replace) {
    if (!NODE_NAME.test(node)) throw new AppError('LABEL_INVALID', { label, reason: `${JSON.stringify(node)} is no name of a node` });
    if (label !== '' && !next.has(label)) throw unknown(label, next);
  }
  if (add.length > 0) scheduler.setLabels([...new Map([...scheduler.labels().map((l) => [l.name, l] as const), ...next]).values()]);
  for (const { node, label } of replace) {
    if (label === '') nodeLabels.delete(node);
    else nodeLabels.set(node, label);
  }
  if (replace.length > 0) for (const node of cluster.nodes.values()) relabel(cluster, node);
  if (remove.length > 0) scheduler.setLabels([...next.values()]);
  cluster.labelsDirty = cluster.saveNow = true;
}

/** By its id, or by its host for all nodes there. */
export const labelOf = ({ nodeLabels }: Cluster, { id, host }: Pick<Node, 'id' | 'host'>): string =>
  nodeLabels.get(id) ?? nodeLabels.get(host) ?? '';

export const labelsRecord = ({ scheduler, nodeLabels }: Cluster): LabelsRecord => ({
  labels: [...scheduler.labels()],
  nodes: [...nodeLabels],
});

/** After a restart, before nodes come back. Another scheduler may have none: then they wait in the store. */
export function recoverLabels(cluster: Cluster, found: LabelsRecord | undefined): void {
  if (found === undefined || cluster.scheduler.kind !== 'capacity') return;
  cluster.scheduler.setLabels(found.labels);
  for (const [node, label] of found.nodes) cluster.nodeLabels.set(node, label);
}

function relabel(cluster: Cluster, node: Node): void {
  if (node.slot < 0) return;
  const held = [...node.containers.values()].map(({ id, attempt, resource }) => {
    cluster.accrue(attempt.application);
    return { app: attempt.application.scheduled!, resource, isDriver: attempt.am?.containerId === id };
  });
  cluster.scheduler.labelNode(node.slot, labelOf(cluster, node), held);
}

function checked(label: Label, before: Label | undefined): Label {
  if (!LABEL_NAME.test(label.name))
    throw new AppError('LABEL_INVALID', {
      label: label.name,
      reason: 'a label has letters, digits, _ and -, and begins with a letter or digit',
    });
  if (before !== undefined && before.exclusive !== label.exclusive)
    throw new AppError('LABEL_INVALID', {
      label: label.name,
      reason: `it is there already, with exclusive=${before.exclusive}; remove it first`,
    });
  return label;
}

function unknown(label: string, there: ReadonlyMap<string, Label>): AppError {
  const meant = nearest(label, [...there.keys()]);
  const known = there.size === 0 ? 'the cluster has no labels' : `the labels of the cluster are ${[...there.keys()].join(', ')}`;
  return new AppError('LABEL_INVALID', {
    label,
    reason: `it is not a label of the cluster; ${known}${meant === undefined ? '' : `. Did you mean ${meant}?`}`,
  });
}
