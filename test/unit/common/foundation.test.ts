import { describe, expect, it } from 'vitest';
import { AppError, errorFromWire, errorToWire, hintOf } from '../../../src/common/errors.ts';
import {
  applicationId,
  applicationOfContainer,
  attemptId,
  attemptOfContainer,
  containerId,
  isApplicationId,
  isContainerId,
} from '../../../src/common/ids.ts';
import { key, parseBytes, parseTimeMs, parseValue } from '../../../src/common/key.ts';
import { ignore, move, step, type Table } from '../../../src/common/machine.ts';
import { Prng } from '../../../src/common/prng.ts';
import { fits, minus, plus, resource, resourceText } from '../../../src/common/resource.ts';
import { dict, list, object, oneOf, optional, text, whole } from '../../../src/common/shape.ts';

describe('ids have the text form of YARN', () => {
  const app = applicationId(1795352279007, 4);
  it('prints and takes apart', () => {
    expect(app).toBe('application_1795352279007_0004');
    expect(attemptId(app, 1)).toBe('appattempt_1795352279007_0004_000001');
    expect(containerId(attemptId(app, 1), 0, 2)).toBe('container_1795352279007_0004_01_000002');
    const withEpoch = containerId(attemptId(app, 12), 3, 2);
    expect(withEpoch).toBe('container_e03_1795352279007_0004_12_000002');
    expect(attemptOfContainer(withEpoch)).toBe('appattempt_1795352279007_0004_000012');
    expect(applicationOfContainer(withEpoch)).toBe(app);
  });
  it('goes on past 9999 applications', () => expect(isApplicationId(applicationId(1, 12345))).toBe(true));
  it.each(['application_1_1', 'application_x_0001', '../application_1_0001', 'application_1_0001\n'])('does not take %j', (t) =>
    expect(isApplicationId(t)).toBe(false),
  );
  it('does not take a container id with a path in it', () => expect(isContainerId('container_1_0001_01_000001/..')).toBe(false));
});

describe('state machines', () => {
  type S = { tag: 'OFF' } | { tag: 'ON'; level: number };
  type E = { tag: 'pressed'; level: number } | { tag: 'cut' };
  const table: Table<S, E, string> = {
    OFF: {
      pressed: { to: ['ON'], run: (_, e) => move<S, string>({ tag: 'ON', level: e.level }, 'light') },
      cut: ignore('it is dark already'),
    },
    ON: { pressed: { to: ['OFF'], run: () => move<S, string>({ tag: 'ON', level: 1 }) } },
  };
  it('takes declared moves and returns effects as data', () => {
    expect(step(table, { tag: 'OFF' }, { tag: 'pressed', level: 3 })).toEqual({ next: { tag: 'ON', level: 3 }, effects: ['light'] });
    expect(step(table, { tag: 'OFF' }, { tag: 'cut' })).toEqual({ next: { tag: 'OFF' }, effects: [] });
  });
  it('stops at what cannot happen and at a move to an undeclared state', () => {
    expect(() => step(table, { tag: 'ON', level: 1 }, { tag: 'cut' })).toThrow('cut cannot happen in ON');
    expect(() => step(table, { tag: 'ON', level: 1 }, { tag: 'pressed', level: 2 })).toThrow('ON + pressed went to ON');
  });
});

describe('shapes name the path of a fault', () => {
  const shape = object({ id: text, n: optional(whole), rows: list(object({ code: oneOf('A', 'B') })), env: dict(text) });
  const good = { id: 'x', rows: [{ code: 'A' }], env: { K: 'v' }, extra: 1 };
  it.each([
    [good, undefined],
    [{ ...good, n: -1 }, 'n: expected a whole number ≥ 0 or nothing'],
    [{ ...good, rows: [{ code: 'A' }, { code: 'C' }] }, 'rows[1].code: expected one of A, B, got "C"'],
    [{ ...good, env: { K: 1 } }, 'env.K: expected text, got 1'],
    [null, ': expected an object, got null'],
    [[], ': expected an object, got a list'],
  ])('%j', (value, fault) => {
    const said = shape.check(value, '');
    if (fault === undefined) expect(said).toBeUndefined();
    else expect(said?.startsWith(fault.split(' or nothing')[0]!)).toBe(true);
  });
  it('bounds lists', () => expect(list(whole, 2).check([1, 2, 3], 'x')).toBe('x: 3 entries, at most 2 are taken'));
});

describe('errors', () => {
  it('cross a wire as code and parameters', () => {
    const error = new AppError('RESOURCE_TOO_LARGE', { what: 'An executor', wantMb: 9000, wantVcores: 1, maxMb: 8192, maxVcores: 2 });
    const wire = JSON.parse(JSON.stringify(errorToWire(error)));
    expect(errorFromWire(wire.code, wire.params).message).toBe(error.message);
  });
  it('keep a code of a newer peer readable', () =>
    expect(errorFromWire('NEW_CODE', { a: 1 })).toMatchObject({
      code: 'PEER_FAILED',
      message: 'The other side failed with NEW_CODE {"a":1}',
    }));
  it('do not believe the prototype', () => expect(errorFromWire('toString', {}).code).toBe('PEER_FAILED'));
  it('have hints made from parameters', () =>
    expect(hintOf('QUEUE_UNKNOWN', { queue: 'x', leaves: 'root.a, root.b' })).toBe(
      'The queues that take applications are: root.a, root.b.',
    ));
});

describe('settings', () => {
  it.each([
    ['512m', 'b', 512 * 1024 ** 2],
    ['2g', 'm', 2 * 1024 ** 3],
    ['1024', 'm', 1024 ** 3],
    ['1gb', 'b', 1024 ** 3],
    ['5b', 'm', 5],
    ['12x', 'm', undefined],
    ['-1g', 'm', undefined],
    ['', 'm', undefined],
    ['1.5g', 'm', undefined],
  ] as const)('size %s in %s', (t, bare, bytes) => expect(parseBytes(t, bare)).toBe(bytes));
  it.each([
    ['10s', 10_000],
    ['500', 500],
    ['2min', 120_000],
    ['1h', 3_600_000],
    ['x', undefined],
  ] as const)('time %s', (t, ms) => expect(parseTimeMs(t)).toBe(ms));
  it('say where a bad value came from', () => {
    const k = key({ name: 'spark.x', unit: 'bool', fallback: 'true', since: '0.1', doc: '' });
    expect(() => parseValue(k, 'maybe', '--conf')).toThrow('--conf: spark.x is "maybe"; expected true or false.');
    expect(parseValue(k, 'TRUE', '')).toBe(true);
  });
});

describe('small parts', () => {
  it('resources', () => {
    expect(fits(resource(10, 1), resource(10, 2))).toBe(false);
    expect(minus(plus(resource(1, 1), resource(2, 2)), resource(1, 1))).toEqual(resource(2, 2));
    expect(resourceText(resource(2048, 1))).toBe('<memory:2048, vCores:1>');
  });
  it('the same seed gives the same numbers, spread evenly', () => {
    const draw = (seed: number) =>
      Array.from(
        { length: 5 },
        (
          (p) => () =>
            p.next()
        )(new Prng(seed)),
      );
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    const p = new Prng(1);
    const counts = new Array(10).fill(0);
    for (let i = 0; i < 10_000; i++) counts[p.int(10)]++;
    for (const c of counts) expect(Math.abs(c - 1000)).toBeLessThan(150);
  });
});
