// An hour of samples in a ring, and what has changed between two looks.
import { describe, expect, it } from 'vitest';
import { demoCluster } from '../../helpers/demo-cluster.ts';
import { changedFields, SampleRing, sampleOf } from '../../../src/cluster-pages/model/strip.ts';

const at = (atMs: number) => ({ ...sampleOf(demoCluster().strip()), atMs, containers: atMs * 2 });

describe('the hour of time lines', () => {
  it('keeps the last ones in order', () => {
    const ring = new SampleRing(3, 10_000);
    expect(ring.lines().atMs).toEqual([]);
    for (const n of [1, 2]) ring.add(at(n));
    expect(ring.lines().atMs).toEqual([1, 2]);
    for (const n of [3, 4, 5]) ring.add(at(n));
    expect(ring.lines()).toMatchObject({ everyMs: 10_000, atMs: [3, 4, 5], containers: [6, 8, 10] });
  });
  it('lost and unhealthy nodes are unwell, decommissioned ones are not', () => {
    const strip = demoCluster().strip();
    const nodes = { RUNNING: 5, DECOMMISSIONING: 1, UNHEALTHY: 2, LOST: 3, DECOMMISSIONED: 7, SHUTDOWN: 1 };
    expect(sampleOf({ ...strip, nodes })).toMatchObject({ nodesUp: 6, nodesUnwell: 5 });
  });
});

describe('changedFields', () => {
  it('first all, then what differs, then nothing', () => {
    const before = { a: 1, b: { x: 1 }, c: 'same' };
    expect(changedFields(undefined, before)).toEqual(before);
    expect(changedFields(before, { ...before, b: { x: 2 } })).toEqual({ b: { x: 2 } });
    expect(changedFields(before, { a: 1, b: { x: 1 }, c: 'same' })).toBeUndefined();
  });
});
