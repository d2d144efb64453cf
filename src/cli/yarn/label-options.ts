// Node labels on the command line: yarn rmadmin -addToClusterNodeLabels, -removeFromClusterNodeLabels, -replaceLabelsOnNode, and
// yarn cluster --list-node-labels. Source of the forms: YARN's RMAdminCLI and ClusterCLI.
import { AppError } from '../../common/errors.ts';
import { labelsChange, labelsList } from '../../rpc/messages/labels.ts';
import type { YarnCommand, YarnIo } from './command.ts';
import type { ParsedOptions, YarnOptions } from './options.ts';

export const LABEL_OPTIONS: YarnOptions = {
  addToClusterNodeLabels: {
    takes: 'list',
    value: '"label1(exclusive=true),label2(exclusive=false),label3"',
    help: 'Add node labels to the cluster; exclusive unless it says otherwise.',
  },
  removeFromClusterNodeLabels: { takes: 'list', value: 'label1,label2', help: 'Take node labels away; nodes may not have them any more.' },
  replaceLabelsOnNode: {
    takes: 'list',
    value: '"node1[:name]=label1 node2=label2 node3"',
    help: 'Give nodes another label, or none: by node id, or by host for all its nodes.',
  },
};

/** @returns undefined when it was not asked for any of this */
export async function changeLabels(options: ParsedOptions, { rm }: YarnIo): Promise<number | undefined> {
  const add = options.has('addToClusterNodeLabels') ? options.all('addToClusterNodeLabels').map(labelFrom) : [];
  const remove = options.has('removeFromClusterNodeLabels') ? options.all('removeFromClusterNodeLabels') : [];
  const words = options.has('replaceLabelsOnNode') ? options.all('replaceLabelsOnNode').flatMap((word) => word.split(/\s+/)) : [];
  if (add.length + remove.length + words.length === 0) return undefined;
  await rm.call(labelsChange, { add, remove, replace: words.map(nodeLabelFrom) });
  return 0;
}

/** `gpu`, `gpu(exclusive=false)` */
export function labelFrom(word: string): { name: string; exclusive: boolean } {
  const m = /^([^()=\s]+)(?:\(\s*exclusive\s*=\s*(true|false)\s*\))?$/i.exec(word);
  if (m === null)
    throw new AppError('SUBMIT_USAGE', { reason: `${word} is no node label; expected for example gpu or gpu(exclusive=false)` });
  return { name: m[1]!, exclusive: m[2]?.toLowerCase() !== 'false' };
}

/** `node=label`; `node` alone or `node=` takes its label away. */
export function nodeLabelFrom(word: string): { node: string; label: string } {
  const [node = '', label = '', ...more] = word.split('=');
  if (node === '' || more.length > 0) throw new AppError('SUBMIT_USAGE', { reason: `${word}: expected node=label` });
  return { node, label };
}

const LIST = { takes: 'none', help: 'List cluster node-label collection.' } as const;

export const clusterCommand: YarnCommand = {
  usage: 'cluster',
  options: {
    'list-node-labels': LIST,
    lnl: LIST,
    help: { takes: 'none', help: 'Displays help for all commands.' },
  },
  async run(options, { rm, out }) {
    if (!options.has('lnl') && !options.has('list-node-labels')) return undefined;
    const { labels } = await rm.call(labelsList, {});
    out(`Node Labels: ${labels.map(({ name, exclusive }) => `<${name}:exclusivity=${exclusive}>`).join(',')}\n`);
    return 0;
  },
};
