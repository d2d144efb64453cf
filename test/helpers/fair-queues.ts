// A configuration of the fair scheduler for tests, written as the allocations file would say it: what stands between <allocations> tags.
import { parseXml } from '../../src/common/xml-lines.ts';
import { allocationsFrom } from '../../src/resourcemanager/core/scheduler/fair/allocations.ts';
import { DEFAULT_TUNING, type FairConfig, type FairTuning } from '../../src/resourcemanager/core/scheduler/fair/fair-config.ts';

export function fairQueues(inside: string, tuning: Partial<FairTuning> = {}): FairConfig {
  const parsed = parseXml(`<allocations>${inside}</allocations>`);
  if ('fault' in parsed) throw new Error(`line ${parsed.fault.line}: ${parsed.fault.detail}`);
  const settings = { userAsDefaultQueue: true, allowUndeclaredPools: true, tuning: { ...DEFAULT_TUNING, ...tuning } };
  return allocationsFrom('test.xml', parsed.root, settings).queues;
}
