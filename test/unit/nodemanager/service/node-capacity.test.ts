import { describe, expect, it } from 'vitest';
import { capacityOf, defaultVcores } from '../../../../src/nodemanager/service/node-capacity.ts';

describe('what a node offers', () => {
  it('is what the settings say, also one core', () => {
    expect(capacityOf({ memoryMb: 3000, vcores: 1 })).toEqual({ memoryMb: 3000, vcores: 1 });
  });

  it.each([
    [1, 2],
    [2, 2],
    [16, 16],
  ])('on a machine of %d cores has room for a driver and an executor', (cores, vcores) => {
    expect(defaultVcores(cores)).toBe(vcores);
  });
});
