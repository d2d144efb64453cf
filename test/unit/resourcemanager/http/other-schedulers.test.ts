// The fair and the fifo scheduler over REST and for the pages. The fields are those of Hadoop 3.5's FairSchedulerQueueInfo, FairSchedulerLeafQueueInfo and
// FifoSchedulerInfo, in their order (javap of hadoop-yarn-server-resourcemanager-3.5.0.jar, without what is XmlTransient).
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { QueueTree } from '../../../../src/cluster-pages/model/queues.ts';
import { attemptId } from '../../../../src/common/ids.ts';
import type { Logger } from '../../../../src/common/ports.ts';
import { Settings } from '../../../../src/common/settings.ts';
import { startResourceManager, type StartedResourceManager } from '../../../../src/resourcemanager/main.ts';
import { applicationNew, applicationSubmit } from '../../../../src/rpc/messages/client.ts';
import { eventually } from '../../../helpers/eventually.ts';
import { ask, asClient, FakeDriver, FakeNode } from '../service/fakes.ts';

const quiet: Logger = { debug() {}, info() {}, warn() {}, error() {}, named: () => quiet };
const XML = `<allocations>
  <queue name="etl"><minResources>2048 mb, 2 vcores</minResources><weight>3</weight><maxContainerAllocation>4096 mb, 4 vcores</maxContainerAllocation>
    <queue name="nightly"><maxRunningApps>5</maxRunningApps><allowPreemptionFrom>false</allowPreemptionFrom></queue>
  </queue>
  <queue name="adhoc"><schedulingPolicy>drf</schedulingPolicy><maxResources>50%</maxResources></queue>
</allocations>`;
const RESOURCE = { memory: 'number', vCores: 'number', resourceInformations: 'object' };
const QUEUE = {
  maxApps: 'number',
  minResources: RESOURCE,
  maxResources: RESOURCE,
  usedResources: RESOURCE,
  amUsedResources: RESOURCE,
  amMaxResources: RESOURCE,
  demandResources: RESOURCE,
  steadyFairResources: RESOURCE,
  fairResources: RESOURCE,
  clusterResources: RESOURCE,
  reservedResources: RESOURCE,
  maxContainerAllocation: RESOURCE,
  pendingContainers: 'number',
  allocatedContainers: 'number',
  reservedContainers: 'number',
  queueName: 'string',
  schedulingPolicy: 'string',
  preemptable: 'boolean',
};
const LEAF = { type: 'string', ...QUEUE, numPendingApps: 'number', numActiveApps: 'number' };
const PARENT = { ...QUEUE, childQueues: 'object' };
const FIFO = {
  type: 'string',
  capacity: 'number',
  usedCapacity: 'number',
  qstate: 'string',
  minQueueMemoryCapacity: 'number',
  maxQueueMemoryCapacity: 'number',
  numNodes: 'number',
  usedNodeCapacity: 'number',
  availNodeCapacity: 'number',
  totalNodeCapacity: 'number',
  numContainers: 'number',
};
type Queue = { readonly childQueues?: { readonly queue: readonly Queue[] } };
/** Names, their order and types. */
const shapeOf = (value: object, like: object): object =>
  Object.fromEntries(
    Object.entries(value).map(([key, found]) => {
      const deeper = (like as Record<string, unknown>)[key];
      return [key, typeof deeper === 'object' ? shapeOf(found, deeper as object) : typeof found];
    }),
  );
function expectShape(value: object, like: object): void {
  expect(shapeOf(value, like)).toEqual(like);
  expect(Object.keys(value)).toEqual(Object.keys(like));
}

let dataDir: string;
let rm: StartedResourceManager | undefined;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'em-fair-'));
});
afterEach(async () => {
  await rm?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const setting = (name: string, value: string) => ({ name, value, where: 'test', line: 1 });
async function start(kind: string): Promise<(path: string) => Promise<never>> {
  writeFileSync(join(dataDir, 'fair-scheduler.xml'), XML);
  const settings = new Settings([
    setting('yarn.resourcemanager.scheduler.class', kind),
    setting('hadoop.http.authentication.type', 'simple'),
    setting('yarn.resourcemanager.webapp.address', '127.0.0.1:0'),
    setting('yarn.scheduler.maximum-allocation-mb', '6144'),
  ]);
  const onFatal = (error: Error) => {
    throw error;
  };
  const started = await startResourceManager({
    dataDir,
    settings,
    logger: quiet,
    http: true,
    queuesFile: join(dataDir, 'capacity-scheduler.yaml'),
    onFatal,
  });
  rm = started;
  return async (path) => (await (await fetch(`${started.url}${path}${path.includes('?') ? '&' : '?'}user.name=ada`)).json()) as never;
}

/** One application in that queue with two containers of 1 GB, on a node of 8 GB and 8 vcores. */
async function load(queue: string) {
  const secret = readFileSync(join(dataDir, 'secret'), 'utf8').trim();
  const client = await asClient(rm!.address, secret);
  const { applicationId } = await client.call(applicationNew, {});
  const about = { name: 'x', type: 'SPARK', user: 'ada', queue, tags: [], priority: 0, unmanaged: true, maxAttempts: 1 };
  const { secret: own } = await client.call(applicationSubmit, { applicationId, ...about });
  const driver = new FakeDriver(attemptId(applicationId, 1), own);
  await driver.connect(rm!.address);
  await new FakeNode('localhost:one').connect(rm!.address, secret);
  await driver.allocate([ask(2)]);
  await eventually(() => driver.granted.length).toBe(2);
  const refused = await driver.allocate([{ ...ask(1), askId: 9, resource: { memoryMb: 5120, vcores: 1 } }]).catch((e: Error) => e.message);
  client.close();
  return refused;
}

describe('/ws/v1/cluster/scheduler', () => {
  it("has FairSchedulerInfo's fields with the fair scheduler, and the pages say each queue's dues", async () => {
    const get = await start('fair');
    const refused = await load('etl.nightly');
    expect(refused).toContain('4096'); // maxContainerAllocation of the queue above
    const { scheduler } = await get('/ws/v1/cluster/scheduler');
    const { type, rootQueue } = (scheduler as { schedulerInfo: { type: string; rootQueue: Queue } }).schedulerInfo;
    expect(type).toBe('fairScheduler');
    expectShape(rootQueue, PARENT);
    const [etl, adhoc] = rootQueue.childQueues!.queue;
    expectShape(etl!, PARENT);
    expectShape(adhoc!, LEAF);
    const [nightly] = etl!.childQueues!.queue;
    const amount = (memory: number, vCores: number) => ({ memory, vCores });
    expect(etl).toMatchObject({
      queueName: 'root.etl',
      schedulingPolicy: 'fair',
      minResources: amount(2048, 2),
      maxContainerAllocation: amount(4096, 4),
      steadyFairResources: amount(4915, 4), // weights 3, 1 and 1 (root.default)
      fairResources: amount(8192, 8), // the only one that has applications
      usedResources: amount(2048, 2),
      demandResources: amount(2048, 2),
      allocatedContainers: 2,
    });
    expect(nightly).toMatchObject({
      type: 'fairSchedulerLeafQueueInfo',
      maxApps: 5,
      preemptable: false,
      numActiveApps: 1,
      numPendingApps: 0,
    });
    expect(adhoc).toMatchObject({
      schedulingPolicy: 'drf',
      maxResources: amount(4096, 4),
      fairResources: amount(0, 0),
      maxContainerAllocation: amount(6144, 8),
    });

    const { root } = (await get('/ui-api/queues')) as QueueTree;
    expect(Object.fromEntries(root.children[0]!.notes)).toMatchObject({
      Weight: '3',
      'Steady fair share': '<memory:4915, vCores:4>',
      'Instantaneous fair share': '<memory:8192, vCores:8>',
      Minimum: '<memory:2048, vCores:2>',
      Demand: '<memory:2048, vCores:2>',
    });
    expect(root.children[1]!.notes.map(([name]) => name)).not.toContain('One user');
  });

  it("has FifoSchedulerInfo's fields with the fifo scheduler", async () => {
    const get = await start('fifo');
    await load('default');
    const { scheduler } = await get('/ws/v1/cluster/scheduler');
    const { schedulerInfo } = scheduler as { schedulerInfo: Record<string, unknown> };
    expectShape(schedulerInfo, FIFO);
    expect(schedulerInfo).toMatchObject({
      type: 'fifoScheduler',
      qstate: 'RUNNING',
      numNodes: 1,
      totalNodeCapacity: 8192,
      usedNodeCapacity: expect.any(Number),
    });
  });
});
