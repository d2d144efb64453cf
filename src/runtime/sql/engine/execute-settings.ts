// The session's settings that say how a query runs on executors, by Spark's names and with its defaults. Source: SQLConf of Spark 4.2.
import type { SessionSettings } from '../functions/spec.ts';
import type { LogicalPlan } from '../logical/plans.ts';
import { visitPlan } from '../logical/plan-tree.ts';
import { broadcastThreshold, byteSize } from '../physical/byte-sizes.ts';
import { scanBytes, statisticsOf } from '../physical/statistics.ts';
import type { ExecuteSettings } from '../physical/leaves.ts';

const MB = 1 << 20;
const SKEW = 'spark.sql.adaptive.skewJoin';

/** spark.sql.adaptive.enabled */
export const isAdaptive = (session: SessionSettings): boolean => session.get('spark.sql.adaptive.enabled')?.toLowerCase() !== 'false';
/** Spark's names; with a threshold of 10 GB there, as its filters are approximate and cost a job of their own. */
const RUNTIME_FILTER = 'spark.sql.optimizer.runtime.bloomFilter';

export function executeSettings(session: SessionSettings, slots: number): ExecuteSettings {
  const bytes = (key: string, fallback: number): number => byteSize(session.get(key)) ?? fallback;
  const isOn = (key: string): boolean => session.get(key)?.toLowerCase() !== 'false';
  const coalesces = isAdaptive(session) && isOn('spark.sql.adaptive.coalescePartitions.enabled');
  const shufflePartitions = session.get('spark.sql.shuffle.partitions');
  return {
    session,
    slots: Math.max(1, slots),
    broadcastBytes: broadcastThreshold(session.get),
    isAdaptive: coalesces,
    advisoryBytes: bytes('spark.sql.adaptive.advisoryPartitionSizeInBytes', 64 * MB),
    leastBytes: bytes('spark.sql.adaptive.coalescePartitions.minPartitionSize', MB),
    skew: isOn(`${SKEW}.enabled`)
      ? {
          bytes: bytes(`${SKEW}.skewedPartitionThresholdInBytes`, 64 * MB),
          factor: Number(session.get(`${SKEW}.skewedPartitionFactor`) ?? 5),
        }
      : undefined,
    mostBytes: bytes('spark.sql.files.maxPartitionBytes', 128 * MB),
    openBytes: bytes('spark.sql.files.openCostInBytes', 4 * MB),
    runtimeFilterBytes: isOn(`${RUNTIME_FILTER}.enabled`) ? bytes(`${RUNTIME_FILTER}.applicationSideScanSizeThreshold`, 2 * MB) : undefined,
    shufflePartitions: shufflePartitions === undefined ? undefined : Math.max(1, Number(shufflePartitions)),
    collapseBytes: byteSize(session.get('spark.emberloom.sql.collapseBytes')),
  };
}

/** Of all files that a query reads, and of numbers that it makes; its subqueries' too. */
export function queryBytes(plan: LogicalPlan): number {
  let sum = 0;
  visitPlan(plan, (p) => {
    if (p.kind === 'scan') sum += scanBytes(p);
    else if (p.kind === 'range') sum += statisticsOf(p).bytes;
  });
  return sum;
}
