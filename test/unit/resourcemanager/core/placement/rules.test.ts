// In which queue an application goes: YARN's queue mappings, its JSON rules, and the faults of both with their line.
import { describe, expect, it } from 'vitest';
import { place, type QueueView } from '../../../../../src/resourcemanager/core/placement/rules.ts';
import { placementFrom } from '../../../../../src/resourcemanager/core/placement/queue-mappings.ts';

const PATHS = ['root.default', 'root.etl', 'root.users.ada', 'root.users.bob_dot_b', 'root.staff.ada', 'root.wheel', 'root.nightly'];
const QUEUES: QueueView = {
  find: (name) => [...PATHS, 'root.users', 'root.staff'].find((path) => path === name) ?? PATHS.find((path) => path.endsWith(`.${name}`)),
  isLeaf: (path) => PATHS.includes(path),
  mayCreate: (path) => path.startsWith('root.made.'),
};
const ADA = { user: 'ada', groups: ['staff', 'wheel'], queue: 'default', name: 'nightly', tags: ['gold'] };
const PREFIX = 'yarn.scheduler.capacity.';
const property = (name: string, value: unknown, line = 3) => ({ name: `${PREFIX}${name}`, value, line });
const mapped = (mappings: string, who: Partial<typeof ADA> = {}, override = false) => {
  const rules = placementFrom('f', [property('queue-mappings', mappings), property('queue-mappings-override.enable', override)]);
  const placement = place(rules, { ...ADA, ...who }, QUEUES);
  return placement.tag === 'placed' ? placement.queue : placement.reason;
};

describe('queue-mappings', () => {
  it.each([
    ['u:ada:etl', {}, 'root.etl'],
    ['u:bob:etl', {}, 'default'],
    ['g:wheel:etl', {}, 'root.etl'],
    ['u:%user:root.users.%user', {}, 'root.users.ada'],
    ['u:%user:%primary_group.%user,u:%user:root.%primary_group.%user', {}, 'root.staff.ada'],
    ['u:%user:root.%secondary_group', {}, 'root.wheel'],
    ['a:nightly:etl', {}, 'root.etl'],
    ['a:%application:%application', {}, 'root.nightly'],
    ['t:gold:etl', {}, 'root.etl'],
    ['t:silver:etl', {}, 'default'],
    // A dot of a name parts no queues.
    ['u:%user:root.users.%user', { user: 'bob.b' }, 'root.users.bob_dot_b'],
    // The first that leads to a leaf decides: a parent takes no applications.
    ['u:ada:root.users,g:staff:etl', {}, 'root.etl'],
    ['u:ada:nowhere', {}, 'default'],
  ])('%s', (mappings, who, queue) => expect(mapped(mappings, who)).toBe(queue));

  it('leaves a named queue alone, unless queue-mappings-override.enable says otherwise', () => {
    expect(mapped('u:ada:etl', { queue: 'wheel' })).toBe('wheel');
    expect(mapped('u:ada:etl', { queue: 'wheel' }, true)).toBe('root.etl');
    // What no rule takes goes where it was asked for, override or not.
    expect(mapped('u:bob:etl', { queue: 'wheel' }, true)).toBe('wheel');
  });

  it.each([
    ['x:ada:etl', 'f:3: "x:ada:etl" is no queue mapping'],
    ['u:ada', 'f:3: "u:ada" is no queue mapping'],
    ['u:%user:root.%usr', 'there is no variable %usr'],
    ['g:%user:etl', "%user can't stand there"],
  ])('%s is refused', (mappings, fault) => expect(() => mapped(mappings)).toThrow(fault));

  it('is refused twice, with another value than true or false, or beside JSON', () => {
    const twice = [property('queue-mappings', 'u:ada:etl', 2), property('queue-mappings', 'u:bob:etl', 7)];
    expect(() => placementFrom('f', twice)).toThrow('f:7: yarn.scheduler.capacity.queue-mappings is set twice (before on line 2)');
    expect(() => placementFrom('f', [property('queue-mappings-override.enable', 'yes')])).toThrow('expected true or false');
    expect(() => placementFrom('f', [property('queue-mappings', 'u:a:b'), property('mapping-rule-format', 'json')])).toThrow(
      'exclude each other',
    );
  });
});

const json = (...rules: object[]) =>
  placementFrom('f', [property('mapping-rule-format', 'json'), property('mapping-rule-json', JSON.stringify({ rules }), 9)]);
const byJson = (rules: object[], who: Partial<typeof ADA> = {}) => {
  const placement = place(json(...rules), { ...ADA, ...who }, QUEUES);
  return placement.tag === 'placed' ? placement.queue : `rejected: ${placement.reason}`;
};

describe('mapping-rule-format: json', () => {
  it.each([
    [[{ type: 'user', matches: '*', policy: 'user', parentQueue: 'root.users' }], 'root.users.ada'],
    [[{ type: 'user', matches: 'ada', policy: 'primaryGroupUser', parentQueue: 'root' }], 'root.staff.ada'],
    [[{ type: 'application', matches: '*', policy: 'applicationName' }], 'root.nightly'],
    [[{ type: 'tag', matches: 'gold', policy: 'custom', customPlacement: 'root.users.%user' }], 'root.users.ada'],
    [[{ type: 'user', matches: '*', policy: 'setDefaultQueue', value: 'etl' }], 'etl'],
    [
      [
        { type: 'user', matches: '*', policy: 'setDefaultQueue', value: 'etl' },
        { type: 'user', matches: '*', policy: 'user', parentQueue: 'root.nowhere', fallbackResult: 'placeDefault' },
        { type: 'user', matches: '*', policy: 'reject' },
      ],
      'etl',
    ],
  ])('%j', (rules, queue) => expect(byJson(rules)).toBe(queue));

  it('turns away what a rule rejects, or what has no queue when the rule says so', () => {
    expect(byJson([{ type: 'group', matches: 'staff', policy: 'reject' }])).toBe(
      'rejected: the placement rule group:staff:reject turns it away',
    );
    const strict = { type: 'user', matches: '*', policy: 'user', parentQueue: 'root.nowhere', fallbackResult: 'reject' };
    expect(byJson([strict])).toContain('names a queue that is not there');
  });

  it.each([
    [{ type: 'user', matches: '*', policy: 'usr' }, 'f:9: yarn.scheduler.capacity.mapping-rule-json: rules[0]: policy must be one of'],
    [{ type: 'user', matches: '*', policy: 'custom' }, 'policy custom needs customPlacement'],
    [{ type: 'user', matches: '*', policy: 'user', create: 'yes' }, 'create must be true or false'],
    [{ type: 'group', matches: '*', policy: 'user' }, '"*" can\'t stand for a group'],
    [{ type: 'user', matches: '*', policy: 'user', colour: 'red' }, 'unknown field colour'],
  ])('%j is refused', (rule, fault) => expect(() => json(rule)).toThrow(fault));

  it('is refused when it is no JSON', () => {
    const broken = [property('mapping-rule-format', 'json'), property('mapping-rule-json', '{"rules": [', 9)];
    expect(() => placementFrom('f', broken)).toThrow(/f:9: yarn.scheduler.capacity.mapping-rule-json is no JSON: /);
  });
});
