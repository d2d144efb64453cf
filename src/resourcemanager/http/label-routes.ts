// Node labels over REST: which there are, which node has which, and changes to both. Source: YARN's RMWebServices, NodeLabelsInfo, NodeToLabelsInfo.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { NOTHING, plus } from '../../common/resource.ts';
import { answer } from '../../web/answer.ts';
import { boolField, entriesField, fieldsOf, listField, textField } from '../../web/body.ts';
import { Query } from '../../web/query.ts';
import { badRequest } from '../../web/web-error.ts';
import type { RmEvent } from '../core/events.ts';
import { labelOf } from '../core/node-labels.ts';
import { paramOf } from './asking.ts';
import { resourceInfo } from './resource-info.ts';
import type { RmHttpParts } from './rm-app.ts';

const BASE = '/ws/v1/cluster';
type Change = Omit<Extract<RmEvent, { tag: 'labelsChanged' }>, 'tag' | 'atMs'>;

export function labelRoutes(app: FastifyInstance, parts: RmHttpParts): void {
  const { cluster } = parts.loop.core;
  const totalOf = (name: string) => {
    let total = NOTHING;
    for (const node of cluster.nodes.values()) if (node.slot >= 0 && labelOf(cluster, node) === name) total = plus(total, node.capacity);
    return total;
  };
  app.get(`${BASE}/get-node-labels`, (request, reply) => {
    const nodeLabelInfo = cluster.scheduler.labels().map(({ name, exclusive }) => ({
      name,
      exclusivity: exclusive,
      partitionInfo: { resourceAvailable: resourceInfo(totalOf(name)) },
    }));
    return answer(request, reply, nodeLabelInfo.length === 0 ? {} : { nodeLabelInfo });
  });
  app.get(`${BASE}/get-node-to-labels`, (request, reply) => {
    const exclusive = new Map(cluster.scheduler.labels().map((label) => [label.name, label.exclusive]));
    const entry = [...cluster.nodes.values()].flatMap((node) => {
      const name = labelOf(cluster, node);
      return name === '' ? [] : [{ key: node.id, value: { nodeLabelInfo: [{ name, exclusivity: exclusive.get(name) ?? true }] } }];
    });
    return answer(request, reply, entry.length === 0 ? {} : { nodeToLabels: { entry } });
  });
  app.get(`${BASE}/nodes/:nodeId/get-labels`, (request, reply) => {
    const node = cluster.nodes.get(paramOf(request, 'nodeId') as never);
    const name = node === undefined ? '' : labelOf(cluster, node);
    return answer(request, reply, name === '' ? {} : { nodeLabelInfo: [{ name }] });
  });
  app.get(`${BASE}/label-mappings`, (request, reply) => {
    const wanted = new Query(request).words('labels');
    const nodes = Map.groupBy(cluster.nodes.values(), (node) => labelOf(cluster, node));
    const entry = cluster.scheduler
      .labels()
      .filter(({ name }) => (wanted.length === 0 || wanted.includes(name)) && nodes.has(name))
      .map(({ name, exclusive }) => ({
        key: { name, exclusivity: exclusive },
        value: { nodes: nodes.get(name)!.map(({ id }) => id), partitionInfo: { resourceAvailable: resourceInfo(totalOf(name)) } },
      }));
    return answer(request, reply, entry.length === 0 ? {} : { labelsToNodes: { entry } });
  });
  const change = async (request: FastifyRequest, what: Partial<Change>) => {
    const about = { operation: 'changeNodeLabels', target: 'AdminService' };
    await parts.access.may(request.webUser, { tag: 'administer', what: 'the node labels' }, about);
    const all: Change = { add: [], remove: [], replace: [], ...what };
    await parts.access.noted(request.webUser, about, () => parts.loop.handle({ tag: 'labelsChanged', ...all }));
  };
  app.post(`${BASE}/add-node-labels`, async (request, reply) => {
    const add = listField(fieldsOf(request.body), 'nodeLabelInfo').map((value) => {
      const fields = fieldsOf(value, 'nodeLabelInfo');
      return { name: textField(fields, 'name') ?? '', exclusive: boolField(fields, 'exclusivity') ?? true };
    });
    if (add.length === 0) throw badRequest('nodeLabelInfo: at least one label with its name is expected.');
    await change(request, { add });
    return reply.send('');
  });
  app.post(`${BASE}/remove-node-labels`, async (request, reply) => {
    const remove = new Query(request).words('labels');
    if (remove.length === 0) throw badRequest('labels: at least one name is expected (?labels=a&labels=b).');
    await change(request, { remove });
    return reply.send('');
  });
  app.post(`${BASE}/replace-node-to-labels`, async (request, reply) => {
    const replace = entriesField(fieldsOf(request.body), 'nodeToLabels').map(([node, value]) => ({
      node,
      label: oneLabel(listField(fieldsOf(value ?? {}, node), 'nodeLabelInfo').map((l) => textField(fieldsOf(l, node), 'name') ?? '')),
    }));
    if (replace.length === 0) throw badRequest('nodeToLabels: at least one node with its label is expected.');
    await change(request, { replace });
    return reply.send('');
  });
  app.post(`${BASE}/nodes/:nodeId/replace-labels`, async (request, reply) => {
    await change(request, { replace: [{ node: paramOf(request, 'nodeId'), label: oneLabel(new Query(request).words('labels')) }] });
    return reply.send('');
  });
}

/** A node has one label, as with YARN. @throws WebError 400 */
function oneLabel(labels: readonly string[]): string {
  if (labels.length > 1) throw badRequest(`A node has one label, not ${labels.length}.`);
  return labels[0] ?? '';
}
