// What must hold between the children of one queue: one kind of capacity for all of them in a partition, percentages that add up to 100,
// absolute resources that their parent has. Source: YARN's ParentQueue.setChildQueues.
import { fits, NOTHING, plus, type Resource, resourceText } from '../../../../common/resource.ts';
import type { Property, QueueConfig } from './config-types.ts';
import { type Amount, NONE } from './amount.ts';
import type { QueueReader } from './queue-properties.ts';

const SUM_TOLERANCE = 0.001;
const KIND_WORDS: Readonly<Record<Amount['kind'], string>> = { percent: 'percent', absolute: 'absolute resources', weight: 'weights' };

/** @param queues the property that names them: its line is told where none is to blame alone */
export function checkChildren(reader: QueueReader, parent: QueueConfig, queues: Property): void {
  const labels = new Set(parent.children.flatMap((child) => [...child.capacities.keys()]));
  for (const label of labels) {
    const amounts = parent.children.map((child) => ({ child, amount: child.capacities.get(label)?.capacity ?? NONE }));
    const where = label === '' ? '' : ` for label ${label}`;
    if (label !== '') checkAccess(reader, parent, label, queues);
    const kinds = new Set(amounts.filter(({ amount }) => !isZero(amount)).map(({ amount }) => amount.kind));
    if (kinds.size > 1) {
      const each = amounts.map(({ child, amount }) => `${child.name} ${KIND_WORDS[amount.kind]}`).join(', ');
      reader.refuse(
        queues.line,
        `the children of ${parent.path}${where} must all have percentages, all weights or all absolute resources; they have: ${each}`,
      );
    }
    if (kinds.has('absolute'))
      checkAbsolute(
        reader,
        parent,
        label,
        amounts.map(({ amount }) => amount),
        queues,
      );
    else if (!kinds.has('weight'))
      checkSum(
        reader,
        parent.path,
        where,
        amounts.map(({ amount }) => amount),
        label !== '',
        queues,
      );
  }
}

const isZero = (amount: Amount): boolean => amount.kind === 'percent' && amount.percent === 0;

function checkSum(
  reader: QueueReader,
  path: string,
  where: string,
  amounts: readonly Amount[],
  mayBeNothing: boolean,
  queues: Property,
): void {
  const sum = amounts.reduce((total, amount) => total + (amount.kind === 'percent' ? amount.percent : 0), 0);
  if (Math.abs(sum - 100) <= SUM_TOLERANCE || (mayBeNothing && sum === 0)) return;
  reader.refuse(queues.line, `the capacities of the children of ${path}${where} add up to ${Math.round(sum * 1000) / 1000}, not 100`);
}

function checkAbsolute(reader: QueueReader, parent: QueueConfig, label: string, amounts: readonly Amount[], queues: Property): void {
  const own = parent.capacities.get(label)?.capacity;
  if (own?.kind !== 'absolute') return; // what its parent has depends on the nodes: they are scaled down when it is less
  const sum = amounts.reduce<Resource>((total, amount) => (amount.kind === 'absolute' ? plus(total, amount.resource) : total), NOTHING);
  if (!fits(own.resource, sum))
    reader.refuse(
      queues.line,
      `the capacities of the children of ${parent.path} add up to ${resourceText(sum)}, more than its own ${resourceText(own.resource)}`,
    );
}

function checkAccess(reader: QueueReader, parent: QueueConfig, label: string, queues: Property): void {
  for (const { path, accessibleLabels, capacities } of parent.children) {
    const capacity = capacities.get(label)?.capacity;
    if (capacity === undefined || isZero(capacity) || accessibleLabels.includes('*') || accessibleLabels.includes(label)) continue;
    const line = reader.get(path, `accessible-node-labels.${label}.capacity`)?.line ?? queues.line;
    reader.refuse(line, `queue ${path} has a capacity for label ${label}, which is not among its accessible-node-labels`);
  }
}
