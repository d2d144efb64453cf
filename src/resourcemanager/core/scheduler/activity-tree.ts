// One round of scheduling as the tree that YARN's scheduler/activities shows: queues, in them applications, their requests, and where a
// container was placed. Built from leaves up by path; activities.ts says what goes in. Source: YARN's ActivityNode, NodeAllocation.
import type { ActivityState, Placed, WaitingApp } from './activities.ts';
import { sentencesOf } from './why-waiting.ts';

export type RequestNode = {
  readonly requestPriority: number;
  readonly allocationRequestId: number;
  allocationState: ActivityState;
  diagnostic?: string;
  children?: { name: string; nodeId: string; allocationState: ActivityState }[];
};
export type AppNode = { readonly name: string; readonly appPriority: number; allocationState: ActivityState; children: RequestNode[] };
export type QueueNode = {
  readonly name: string;
  allocationState: ActivityState;
  diagnostic?: string;
  children?: (QueueNode | AppNode)[];
};

export const skippedRoot = (diagnostic: string): QueueNode => ({ name: 'root', allocationState: 'SKIPPED', diagnostic });

export class ActivityTree {
  readonly #root: QueueNode = { name: 'root', allocationState: 'SKIPPED' };
  readonly #queues = new Map<string, QueueNode>([['root', this.#root]]);
  readonly #apps = new Map<string, AppNode>();

  allocated({ id, queue, appPriority, askId, requestPriority, containerId, nodeId }: Placed): void {
    const app = this.#app(id, queue, appPriority);
    app.allocationState = 'ALLOCATED';
    for (let at: string | undefined = queue; at !== undefined; at = above(at)) this.#queue(at).allocationState = 'ALLOCATED';
    let request = app.children.find((r) => r.allocationRequestId === askId);
    if (request === undefined)
      app.children.push((request = { requestPriority, allocationRequestId: askId, allocationState: 'ALLOCATED', children: [] }));
    request.children!.push({ name: containerId, nodeId, allocationState: 'ALLOCATED' });
  }

  waits({ id, queue, appPriority, requests }: WaitingApp): void {
    const app = this.#app(id, queue, appPriority);
    for (const r of requests())
      app.children.push({
        requestPriority: r.priority,
        allocationRequestId: r.askId,
        allocationState: 'SKIPPED',
        diagnostic: sentencesOf(r),
      });
  }

  root(diagnostic: string | undefined): QueueNode {
    if (diagnostic !== undefined) this.#root.diagnostic = diagnostic;
    return this.#root;
  }

  #app(id: string, queue: string, appPriority: number): AppNode {
    let app = this.#apps.get(id);
    if (app !== undefined) return app;
    app = { name: id, appPriority, allocationState: 'SKIPPED', children: [] };
    this.#apps.set(id, app);
    childrenOf(this.#queue(queue)).push(app);
    return app;
  }

  #queue(path: string): QueueNode {
    let queue = this.#queues.get(path);
    if (queue !== undefined) return queue;
    queue = { name: path, allocationState: 'SKIPPED' };
    this.#queues.set(path, queue);
    childrenOf(this.#queue(above(path) ?? 'root')).push(queue);
    return queue;
  }
}

const childrenOf = (queue: QueueNode): (QueueNode | AppNode)[] => (queue.children ??= []);
const above = (path: string): string | undefined => (path.includes('.') ? path.slice(0, path.lastIndexOf('.')) : undefined);
