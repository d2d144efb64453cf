import { describe, expect, it } from 'vitest';
import { Settings } from '../../../../src/common/settings.ts';
import { capacityOf, defaultVcores, offeredBy } from '../../../../src/nodemanager/service/node-capacity.ts';

describe('what a node offers', () => {
  it('is what the settings say, also one core', () => {
    expect(capacityOf({ memoryMb: 3000, vcores: 1 })).toEqual({ memoryMb: 3000, vcores: 1 });
  });

  it('is also what it counts one by one', () => {
    const set = (name: string, value: string) => ({ name, value, where: 'f', line: 1 });
    const all = [set('yarn.nodemanager.resource.memory-mb', '3000'), set('yarn.nodemanager.resource.cpu-vcores', '1')];
    const settings = new Settings([...all, set('yarn.nodemanager.resource-type.yarn.io/gpu', '2')]);
    expect(offeredBy(settings)).toEqual({ memoryMb: 3000, vcores: 1, others: { 'yarn.io/gpu': 2 } });
    expect(() => new Settings([set('yarn.nodemanager.resource-type.yarn.io/gpu', 'two')])).toThrow('whole number');
  });

  it.each([
    [1, 2],
    [2, 2],
    [16, 16],
  ])('on a machine of %d cores has room for a driver and an executor', (cores, vcores) => {
    expect(defaultVcores(cores)).toBe(vcores);
  });
});
