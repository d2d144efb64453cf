// A resource as YARN's REST shows it. Source: ResourceInfo, ResourceInformation.
import type { Resource } from '../../common/resource.ts';
import { LONG_MAX } from '../../web/raw-number.ts';

const countable = (name: string, value: number, units: string) => ({
  maximumAllocation: LONG_MAX,
  minimumAllocation: 0,
  name,
  resourceType: 'COUNTABLE',
  units,
  value,
});

/** "No limit" is YARN's largest number. */
const shown = (amount: number): number => Math.min(amount, 2 ** 31 - 1);

export const resourceInfo = ({ memoryMb, vcores, others }: Resource) => ({
  memory: shown(memoryMb),
  vCores: shown(vcores),
  resourceInformations: {
    resourceInformation: [
      countable('memory-mb', shown(memoryMb), 'Mi'),
      countable('vcores', shown(vcores), ''),
      ...Object.entries(others ?? {}).map(([name, amount]) => countable(name, shown(amount), '')),
    ],
  },
});

/** `{entry: [{key, value}]}`, as JAXB prints a map. */
export const entries = (map: Readonly<Record<string, unknown>>) => ({
  entry: Object.entries(map).map(([key, value]) => ({ key, value })),
});

export const resourceEntries = ({ memoryMb, vcores, others }: Resource) => entries({ 'memory-mb': memoryMb, vcores, ...others });

/** Percent of a whole, by the memory; 0 of nothing. */
export const percentOf = (used: number, whole: number): number => (whole > 0 ? (used * 100) / whole : 0);
