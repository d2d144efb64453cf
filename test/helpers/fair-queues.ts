// A configuration of the fair scheduler for tests, written as the allocations file would say it: what stands between <allocations> tags.
import { parseXml } from '../../src/common/xml-lines.ts';
import { allocationsFrom } from '../../src/resourcemanager/core/scheduler/fair/allocations.ts';
import type { FairConfig } from '../../src/resourcemanager/core/scheduler/fair/fair-config.ts';

export function fairQueues(inside: string): FairConfig {
  const parsed = parseXml(`<allocations>${inside}</allocations>`);
  if ('fault' in parsed) throw new Error(`line ${parsed.fault.line}: ${parsed.fault.detail}`);
  return allocationsFrom('test.xml', parsed.root, { userAsDefaultQueue: true, allowUndeclaredPools: true }).queues;
}
