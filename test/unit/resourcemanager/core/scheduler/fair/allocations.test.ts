// The allocations file of the fair scheduler: YARN's XML, the same as YAML, and every kind of mistake with its line.
import { describe, expect, it } from 'vitest';
import { place } from '../../../../../../src/resourcemanager/core/placement/rules.ts';
import { parseXml } from '../../../../../../src/common/xml-lines.ts';
import { parseYamlProperties } from '../../../../../../src/platform/yaml-file.ts';
import { allocationsFrom, noAllocations } from '../../../../../../src/resourcemanager/core/scheduler/fair/allocations.ts';
import { elementsFromYaml } from '../../../../../../src/resourcemanager/core/scheduler/fair/allocations-yaml.ts';
import type { FairQueueConfig } from '../../../../../../src/resourcemanager/core/scheduler/fair/fair-config.ts';

const SETTINGS = { userAsDefaultQueue: true, allowUndeclaredPools: true };
const XML = `<?xml version="1.0"?>
<!-- two queues -->
<allocations>
  <queue name="etl">
    <minResources>4096 mb, 4 vcores</minResources>
    <maxResources>50% memory, 25% cpu</maxResources>
    <weight>2.0</weight>
    <schedulingPolicy>drf</schedulingPolicy>
    <maxRunningApps>5</maxRunningApps>
    <minSharePreemptionTimeout>30</minSharePreemptionTimeout>
    <aclSubmitApps>ada,bob staff</aclSubmitApps>
    <maximumQueueWait>2min</maximumQueueWait>
    <queue name="nightly"><maxAMShare>0.25</maxAMShare><schedulingMode>fifo</schedulingMode></queue>
  </queue>
  <queue name="users" type="parent"><maxChildResources>memory-mb=2048, vcores=2, yarn.io/gpu=1</maxChildResources></queue>
  <user name="ada"><maxRunningApps>3</maxRunningApps></user>
  <userMaxAppsDefault>7</userMaxAppsDefault>
  <queueMaxAppsDefault>9</queueMaxAppsDefault>
  <defaultFairSharePreemptionTimeout>60</defaultFairSharePreemptionTimeout>
  <queuePlacementPolicy>
    <rule name="specified" create="false"/>
    <rule name="nestedUserQueue"><rule name="default" queue="users" create="false"/></rule>
  </queuePlacementPolicy>
</allocations>`;
const YAML = `
queues:
  etl:
    minResources: 4096 mb, 4 vcores
    maxResources: 50% memory, 25% cpu
    weight: 2.0
    schedulingPolicy: drf
    maxRunningApps: 5
    minSharePreemptionTimeout: 30
    aclSubmitApps: ada,bob staff
    maximumQueueWait: 2min
    queues:
      nightly: { maxAMShare: 0.25, schedulingMode: fifo }
  users:
    type: parent
    maxChildResources: memory-mb=2048, vcores=2, yarn.io/gpu=1
users: { ada: { maxRunningApps: 3 } }
userMaxAppsDefault: 7
queueMaxAppsDefault: 9
defaultFairSharePreemptionTimeout: 60
queuePlacementPolicy:
  - { name: specified, create: false }
  - { name: nestedUserQueue, nested: { name: default, queue: users, create: false } }
`;

function fromXml(text: string, file = 'fair-scheduler.xml') {
  const parsed = parseXml(text);
  if ('fault' in parsed) throw new Error(`${file}:${parsed.fault.line}: ${parsed.fault.detail}`);
  return allocationsFrom(file, parsed.root, SETTINGS);
}
const fromYaml = async (text: string) =>
  allocationsFrom('f.yaml', elementsFromYaml('f.yaml', (await parseYamlProperties(text)).properties), SETTINGS);
const find = (queue: FairQueueConfig, path: string): FairQueueConfig | undefined =>
  queue.path === path ? queue : queue.children.map((child) => find(child, path)).find((found) => found !== undefined);

describe('fair-scheduler.xml', () => {
  it('says what each queue may have, and where applications go', () => {
    const { queues, policies } = fromXml(XML);
    const etl = find(queues.root, 'root.etl')!;
    expect(etl).toMatchObject({ weight: 2, policy: 'drf', maxRunningApps: 5, isParent: true, minSharePreemptionTimeoutMs: 30_000 });
    expect(etl.minResources).toMatchObject({ memory: { is: 4096 }, vcores: { is: 4 } });
    expect(etl.maxResources).toMatchObject({ memory: { partOfCluster: 0.5 }, vcores: { partOfCluster: 0.25 } });
    expect(find(queues.root, 'root.etl.nightly')).toMatchObject({
      maxAmShare: 0.25,
      policy: 'fifo',
      maxRunningApps: 9,
      minSharePreemptionTimeoutMs: 30_000,
      fairSharePreemptionTimeoutMs: 60_000,
    });
    expect(find(queues.root, 'root.users')!.maxChildResources.others.get('yarn.io/gpu')).toEqual({ is: 1 });
    expect(find(queues.root, 'root.default')).toBeDefined();
    expect([queues.maxAppsOfUser.get('ada'), queues.userMaxAppsDefault]).toEqual([3, 7]);
    expect(policies.placement.rules.map(({ action }) => action)).toMatchObject([
      { queue: '%specified', create: false },
      { queue: 'root.users.%user', create: true },
    ]);
    expect(policies.timeouts.get('root.etl.nightly')).toMatchObject({ maximumWaitSec: 120 });
    expect(policies.acls!.get('root.etl')!.submit).toMatchObject({ text: 'ada,bob staff', where: 'fair-scheduler.xml:11' });
  });

  it('as YAML says the same', async () => {
    const [xml, yaml] = [fromXml(XML), await fromYaml(YAML)];
    expect(yaml.queues).toEqual(xml.queues);
    expect(yaml.policies.placement).toEqual(xml.policies.placement);
    expect(yaml.policies.timeouts).toEqual(xml.policies.timeouts);
  });

  it.each([
    ['<queue name="a"><wieght>2</wieght></queue>', '2: unknown element <wieght>; did you mean <weight>?'],
    ['<queue name="a"><weight>two</weight></queue>', '2: <weight> is "two"; expected a number ≥ 0'],
    ['<queue name="a"><weight>1</weight>\n<weight>2</weight></queue>', '3: <weight> is set twice (before on line 2)'],
    ['<queue name="a"><minResources>lots</minResources></queue>', '2: "lots" is no amount of resources'],
    ['<queue name="a"><minResources>4 gpus</minResources></queue>', 'there is no resource gpus'],
    ['<queue name="a"><maxAMShare>1.5</maxAMShare></queue>', '2: <maxAMShare> is "1.5"; expected a number from -1 to 1'],
    ['<queue name="a"><schedulingPolicy>lifo</schedulingPolicy></queue>', 'expected fair, drf or fifo'],
    ['<queue name="a.b"></queue>', '2: "a.b" is no name for a queue'],
    ['<queue name="a"/>\n<queue name="a"/>', '3: queue root.a is there twice'],
    [
      '<queue name="a"><schedulingPolicy>fifo</schedulingPolicy><queue name="b"/></queue>',
      "queue root.a has queues below it and can't be fifo",
    ],
    ['<user><maxRunningApps>1</maxRunningApps></user>', '2: <user> needs a name'],
    ['<queuePlacementPolicy><rule name="usr"/></queuePlacementPolicy>', 'not usr'],
    ['<queuePlacementPolicy><rule name="reject"/><rule name="user"/></queuePlacementPolicy>', 'would never be reached'],
    ['<queuePlacementPolicy><rule name="nestedUserQueue"/></queuePlacementPolicy>', 'nestedUserQueue needs a rule inside'],
    ['<queue name="a">', '</allocations> closes nothing that is open'],
    ['<reservation-agent>x</reservation-agent>', '2: <reservation-agent>: reservations in time are not there'],
    ['<queue name="a">\n<reservation/></queue>', '3: <reservation>: reservations in time are not there'],
    ['<queue name="a"><aclSubmitReservations>*</aclSubmitReservations></queue>', '2: <aclSubmitReservations>: reservations in time'],
    ['<defaultQueueSchedulingPolicy>fifo</defaultQueueSchedulingPolicy>', "2: <defaultQueueSchedulingPolicy> can't be fifo"],
    ['<queuePlacementPolicy>\n<rule name="default" queu="a"/></queuePlacementPolicy>', '3: <rule name="default"> has queu'],
    ['<queuePlacementPolicy>\n<rule name="user" queue="a"/></queuePlacementPolicy>', '3: queue says nothing in the rule user'],
    ['<queuePlacementPolicy>\n<rule name="user" create="yes"/></queuePlacementPolicy>', '3: create is yes; expected true or false'],
    ['<queuePlacementPolicy><rule name="nestedUserQueue"><rule name="user"/></rule></queuePlacementPolicy>', 'not user'],
    [
      '<queuePlacementPolicy><rule name="default"><rule name="primaryGroup"/></rule></queuePlacementPolicy>',
      'a rule inside default says nothing',
    ],
    ['<queue name="a"><maxContainerAllocation>big</maxContainerAllocation></queue>', '2: "big" is no amount of resources'],
    ['<queue name="a" type="leaf"/>', '2: type is "leaf"; expected parent'],
  ])('%s is refused with its line', (text, fault) => expect(() => fromXml(`<allocations>\n${text}\n</allocations>`)).toThrow(fault));

  it.each([
    ['<allocations>', 'is not closed'],
    ['<!DOCTYPE a [<!ENTITY b "c">]><allocations/>', 'a DOCTYPE is not taken'],
    ['<allocations>&b;</allocations>', '&b; is no entity'],
    ['<allocations/><allocations/>', 'a second outermost element'],
    ['', 'there is no element'],
    ['<pools/>', 'expected <allocations>'],
  ])('%s is no such file', (text, fault) => expect(() => fromXml(text)).toThrow(fault));

  it.each([
    ['50.0% memory, 20% cpu', { memory: { partOfCluster: 0.5 }, vcores: { partOfCluster: 0.2 } }],
    ['20.5%cpu,50%memory', { memory: { partOfCluster: 0.5 }, vcores: { partOfCluster: 0.205 } }],
    ['40%', { memory: { partOfCluster: 0.4 }, vcores: { partOfCluster: 0.4 } }],
    ['10000 mb, 4 vcores', { memory: { is: 10_000 }, vcores: { is: 4 } }],
    ['10000 MB 4 VCores', { memory: { is: 10_000 }, vcores: { is: 4 } }],
    ['4 vcores,10000mb', { memory: { is: 10_000 }, vcores: { is: 4 } }],
    ['memory-mb=10000, vcores=4', { memory: { is: 10_000 }, vcores: { is: 4 } }],
    ['vcores=25%, memory-mb = 10000', { memory: { is: 10_000 }, vcores: { partOfCluster: 0.25 } }],
    ['yarn.io/gpu=2, memory-mb=10000', { memory: { is: 10_000 }, vcores: undefined }],
  ])('amounts of resources: %s', (text, amounts) => {
    const { queues } = fromXml(`<allocations><queue name="a"><maxResources>${text}</maxResources></queue></allocations>`);
    expect(find(queues.root, 'root.a')!.maxResources).toMatchObject(amounts);
  });

  it('has a root by any spelling, with its own properties, and queues inside it or beside it', () => {
    const { queues } = fromXml(
      '<allocations><queue name="Root"><schedulingPolicy>drf</schedulingPolicy><queue name="a"/></queue><pool name="b"/></allocations>',
    );
    expect(queues.root).toMatchObject({ path: 'root', policy: 'drf' });
    expect(queues.root.children.map(({ path }) => path)).toEqual(['root.a', 'root.b', 'root.default']);
  });

  it('places by each of its rules, below another where one stands inside, and makes what may be made', () => {
    const QUEUES = ['root.staff', 'root.groups', 'root.groups.dev', 'root.lab'];
    const LEAVES = ['root.staff', 'root.groups.dev'];
    const where = (rules: string, who: { user?: string; groups?: string[]; queue?: string } = {}): string => {
      const { policies } = fromXml(`<allocations><queuePlacementPolicy>${rules}</queuePlacementPolicy></allocations>`);
      const view = {
        find: (name: string) => (QUEUES.includes(name) ? name : undefined),
        isLeaf: (path: string) => LEAVES.includes(path),
        mayCreate: (path: string) => !LEAVES.some((leaf) => path.startsWith(`${leaf}.`)),
      };
      const placed = place(policies.placement, { user: 'ada.b', groups: ['staff', 'dev'], queue: '', name: 'x', tags: [], ...who }, view);
      return placed.tag === 'placed' ? `${placed.queue}${placed.create ? ' new' : ''}` : placed.reason;
    };
    expect(where('<rule name="specified"/>', { queue: 'root.groups.dev' })).toBe('root.groups.dev');
    expect(where('<rule name="specified" create="false"/><rule name="reject"/>', { queue: 'root.new' })).toContain('reject');
    expect(where('<rule name="user"/>')).toBe('root.ada_dot_b new');
    expect(where('<rule name="user" create="false"/>')).toBe('no placement rule takes it');
    expect(where('<rule name="primaryGroup"/>')).toBe('root.staff');
    expect(where('<rule name="secondaryGroupExistingQueue"><rule name="default" queue="groups"/></rule>')).toBe('root.groups.dev');
    expect(where('<rule name="nestedUserQueue"><rule name="default" queue="lab"/></rule>')).toBe('root.lab.ada_dot_b new');
    expect(where('<rule name="nestedUserQueue"><rule name="primaryGroup"/></rule>', { groups: ['ops'] })).toBe('root.ops.ada_dot_b new');
    const below = '<rule name="nestedUserQueue"><rule name="primaryGroup" create="false"/></rule><rule name="default" queue="staff"/>';
    expect(where(below, { groups: ['lab'] })).toBe('root.lab.ada_dot_b new');
    expect(where(below, { groups: ['ops'] })).toBe('root.staff'); // root.ops is not there, and may not be made
    expect(where('<rule name="user"><rule name="primaryGroup"/></rule>', { groups: ['ops'] })).toBe('root.ops.ada_dot_b new');
    expect(where('<rule name="default" queue="staff"/>')).toBe('root.staff');
  });

  it('is not needed: then each user has a queue of his own, or all have one', () => {
    expect(noAllocations(SETTINGS).policies.placement.rules.map(({ says }) => says)).toEqual(['specified', 'user']);
    const shared = noAllocations({ userAsDefaultQueue: false, allowUndeclaredPools: true });
    expect(shared.policies.placement.rules.map(({ says }) => says)).toEqual(['specified', 'default']);
  });
});
