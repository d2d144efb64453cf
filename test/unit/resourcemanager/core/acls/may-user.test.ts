// Who may do what, by YARN's rules and defaults.
import { describe, expect, it } from 'vitest';
import { accessList, grants } from '../../../../../src/common/access-list.ts';
import { type Act, mayUser, OPEN_POLICY, type Policy } from '../../../../../src/resourcemanager/core/acls/may-user.ts';
import { mayImpersonate, proxyRules } from '../../../../../src/resourcemanager/core/acls/proxy-rules.ts';
import { takeQueueAcls } from '../../../../../src/resourcemanager/core/acls/queue-acls.ts';
import { rightsOf } from '../../../../../src/resourcemanager/service/access.ts';

const who = (user: string, ...groups: string[]) => ({ user, groups });

describe('access lists', () => {
  it.each([
    ['*', 'x', [], true],
    ['ann,bob etl', 'ann', [], true],
    ['ann, bob etl', 'bob', [], true],
    ['ann,bob etl', 'cid', ['etl'], true],
    [' etl,ops', 'etl', [], false],
    [' etl,ops', 'cid', ['ops'], true],
    ['ann', 'cid', ['ann'], false],
    [' ', 'ann', ['etl'], false],
    ['', 'ann', [], false],
    ['ann *', 'zed', [], true],
  ])('%j grants %s of %j: %s', (text, user, groups, expected) => {
    expect(grants(accessList(text), { user, groups })).toBe(expected);
  });
});

const FILE = '/etc/conf/capacity-scheduler.yaml';
const P = 'yarn.scheduler.capacity.';
const tree = {
  path: 'root',
  children: [
    { path: 'root.etl', children: [{ path: 'root.etl.nightly', children: [] }] },
    { path: 'root.open', children: [] },
  ],
};
const { aclsFor } = takeQueueAcls(FILE, [
  { name: `${P}root.acl_submit_applications`, value: ' ', line: 3 },
  { name: `${P}root.etl.acl_submit_applications`, value: 'ann etl', line: 4 },
  { name: `${P}root.etl.acl_administer_queue`, value: 'eve', line: 5 },
  { name: `${P}root.open.acl_submit_applications`, value: '*', line: 6 },
]);
const policy: Policy = { enabled: true, owner: 'root', admins: accessList('boss ops'), adminText: 'boss ops', queues: aclsFor(tree) };
const app = rightsOf({
  id: 'application_1_0001' as never,
  submission: { user: 'ann', queue: 'root.etl.nightly', viewAcl: 'vic viewers', modifyAcl: 'max' } as never,
});
const may = (caller: ReturnType<typeof who>, act: Act) => mayUser(policy, caller, act) === undefined;

describe('who may do what', () => {
  it('lets the owner of the cluster and admins do everything, by name and by group', () => {
    for (const admin of [who('root'), who('boss'), who('x', 'ops')]) {
      expect(may(admin, { tag: 'administer', what: 'the queues' })).toBe(true);
      expect(may(admin, { tag: 'modify', application: app })).toBe(true);
      expect(may(admin, { tag: 'submit', queue: 'root.etl' })).toBe(true);
    }
    expect(may(who('ann'), { tag: 'administer', what: 'the queues' })).toBe(false);
  });

  it('lets submit whom the queue or one above it names; a child does not take back what its parent grants', () => {
    expect(may(who('ann'), { tag: 'submit', queue: 'root.etl.nightly' })).toBe(true);
    expect(may(who('x', 'etl'), { tag: 'submit', queue: 'root.etl.nightly' })).toBe(true);
    expect(may(who('eve'), { tag: 'submit', queue: 'root.etl.nightly' })).toBe(true);
    expect(may(who('x'), { tag: 'submit', queue: 'root.etl.nightly' })).toBe(false);
    expect(may(who('x'), { tag: 'submit', queue: 'root.open' })).toBe(true);
    expect(may(who('ann'), { tag: 'submit', queue: 'root' })).toBe(false);
  });

  it('without a word in the file lets everybody submit, and nobody but admins administer', () => {
    const silent = { ...policy, queues: new Map() };
    expect(mayUser(silent, who('x'), { tag: 'submit', queue: 'root.default' })).toBeUndefined();
    expect(mayUser(silent, who('x'), { tag: 'administerQueue', queue: 'root.default' })).toBeDefined();
  });

  it('lets view and modify the owner, those whom the application names, and who administers its queue', () => {
    for (const act of ['view', 'modify'] as const) {
      expect(may(who('ann'), { tag: act, application: app })).toBe(true);
      expect(may(who('eve'), { tag: act, application: app })).toBe(true);
      expect(may(who('x', 'etl'), { tag: act, application: app })).toBe(false);
    }
    expect(may(who('vic'), { tag: 'view', application: app })).toBe(true);
    expect(may(who('x', 'viewers'), { tag: 'view', application: app })).toBe(true);
    expect(may(who('vic'), { tag: 'modify', application: app })).toBe(false);
    expect(may(who('max'), { tag: 'modify', application: app })).toBe(true);
    expect(may(who('max'), { tag: 'view', application: app })).toBe(false);
  });

  it('refuses nobody when it is turned off', () => {
    expect(mayUser(OPEN_POLICY, who('x'), { tag: 'administer', what: 'x' })).toBeUndefined();
  });

  it('says what would grant it, where that is and what it says now', () => {
    expect(mayUser(policy, who('x'), { tag: 'submit', queue: 'root.etl' })).toEqual({
      operation: 'SUBMIT_APP',
      target: 'queue root.etl',
      grants: [
        'yarn.scheduler.capacity.root.etl.acl_submit_applications (capacity-scheduler.yaml:4, now "ann etl")',
        'yarn.scheduler.capacity.root.acl_submit_applications (capacity-scheduler.yaml:3, now " ")',
        'yarn.scheduler.capacity.root.etl.acl_administer_queue (capacity-scheduler.yaml:5, now "eve")',
        'yarn.scheduler.capacity.root.acl_administer_queue (not set)',
        'yarn.admin.acl (now "boss ops")',
      ],
    });
    expect(mayUser(policy, who('vic'), { tag: 'modify', application: app })).toMatchObject({
      operation: 'MODIFY_APP',
      target: 'application_1_0001 of ann in queue root.etl.nightly',
    });
  });
});

describe('access lists in capacity-scheduler.yaml', () => {
  it('are taken out; the rest is the scheduler’s', () => {
    const { rest } = takeQueueAcls(FILE, [
      { name: `${P}root.queues`, value: 'a', line: 1 },
      { name: `${P}root.a.acl_submit_applications`, value: 'x', line: 2 },
    ]);
    expect(rest.map((p) => p.name)).toEqual([`${P}root.queues`]);
  });

  it('are refused with their line when one is there twice, or of a queue that is not', () => {
    const twice = [7, 8].map((line) => ({ name: `${P}root.acl_administer_queue`, value: 'x', line }));
    expect(() => takeQueueAcls(FILE, twice)).toThrow(`${FILE}:8: ${P}root.acl_administer_queue is set twice`);
    const { aclsFor: check } = takeQueueAcls(FILE, [{ name: `${P}root.nope.acl_administer_queue`, value: 'x', line: 9 }]);
    expect(() => check(tree)).toThrow(`${FILE}:9: there is no queue root.nope`);
  });
});

describe('proxy users', () => {
  const rules = proxyRules(
    Object.entries({
      'hadoop.proxyuser.livy.users': 'ann,bob',
      'hadoop.proxyuser.livy.groups': 'etl',
      'hadoop.proxyuser.livy.hosts': 'localhost,10.1.0.0/16',
      'hadoop.proxyuser.oozie.users': '*',
      'hadoop.proxyuser.oozie.hosts': '*',
      'hadoop.proxyuser.half.users': '*',
      'hadoop.proxyuser.dotted.name.groups': '*',
      'hadoop.proxyuser.dotted.name.hosts': '10.0.0.7',
    }).map(([name, value]) => ({ name, value })),
  );
  it.each([
    ['livy', who('ann'), 'localhost', true],
    ['livy', who('ann'), '127.0.0.1', true],
    ['livy', who('x', 'etl'), '10.1.200.3', true],
    ['livy', who('x'), 'localhost', false],
    ['livy', who('ann'), '10.2.0.1', false],
    ['oozie', who('anybody'), '1.2.3.4', true],
    ['half', who('ann'), 'localhost', false],
    ['dotted.name', who('ann'), '10.0.0.7', true],
    ['nobody', who('ann'), 'localhost', false],
  ])('%s for %j from %s: %s', (real, other, host, expected) => {
    expect(mayImpersonate(rules, real, other, host) === undefined).toBe(expected);
  });
});
