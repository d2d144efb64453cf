// The access lists of queues out of conf/capacity-scheduler.yaml: acl_submit_applications and acl_administer_queue. The rest of the
// file is the scheduler's (core/scheduler/queue-config.ts).
import { accessList } from '../../../common/access-list.ts';
import { AppError } from '../../../common/errors.ts';
import type { Property } from '../scheduler/queue-config.ts';
import type { QueueAcl, QueueAcls } from './may-user.ts';

const NAME = /^yarn\.scheduler\.capacity\.(root(?:\.[^\s]+)?)\.acl_(submit_applications|administer_queue)$/;

/** Takes them out. @throws AppError QUEUE_CONFIG_INVALID when one is set twice, or (aclsFor) for a queue that there is not */
export function takeQueueAcls(
  file: string,
  properties: readonly Property[],
): { rest: Property[]; aclsFor: (root: QueueNode) => QueueAcls } {
  const acls = new Map<string, { submit?: QueueAcl; administer?: QueueAcl }>();
  const rest: Property[] = [];
  for (const property of properties) {
    const parts = NAME.exec(property.name);
    if (parts === null) {
      rest.push(property);
      continue;
    }
    const right = parts[2] === 'submit_applications' ? 'submit' : 'administer';
    const queue = acls.get(parts[1]!) ?? {};
    const { value, line, name } = property;
    if (queue[right] !== undefined) throw new AppError('QUEUE_CONFIG_INVALID', { file, line, detail: `${name} is set twice` });
    const text = Array.isArray(value) ? value.join(',') : String(value ?? ' ');
    queue[right] = { list: accessList(text), text, where: `${file.slice(file.lastIndexOf('/') + 1)}:${line}` };
    acls.set(parts[1]!, queue);
  }
  const aclsFor = (root: QueueNode): QueueAcls => {
    const paths = new Set(pathsOf(root));
    for (const [path, { submit, administer }] of acls) {
      if (paths.has(path)) continue;
      const line = Number((submit ?? administer)!.where.split(':').at(-1));
      throw new AppError('QUEUE_CONFIG_INVALID', { file, line, detail: `there is no queue ${path} to have an access list` });
    }
    return acls;
  };
  return { rest, aclsFor };
}

type QueueNode = { readonly path: string; readonly children: readonly QueueNode[] };
const pathsOf = (queue: QueueNode): string[] => [queue.path, ...queue.children.flatMap(pathsOf)];
