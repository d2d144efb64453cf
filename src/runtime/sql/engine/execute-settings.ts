// The session's settings that say how a query runs on executors, by Spark's names and with its defaults. Source: SQLConf of Spark 4.2.
import type { SessionSettings } from '../functions/spec.ts';
import type { LogicalPlan } from '../logical/plans.ts';
import { childrenOf } from '../logical/plans.ts';
import { scanBytes } from '../physical/statistics.ts';
import type { ExecuteSettings } from '../physical/leaves.ts';

const MB = 1 << 20;

export function executeSettings(session: SessionSettings, slots: number): ExecuteSettings {
  const bytes = (key: string, fallback: number): number => bytesOf(session.get(key)) ?? fallback;
  const isOn = (key: string): boolean => session.get(key)?.toLowerCase() !== 'false';
  const isAdaptive = isOn('spark.sql.adaptive.enabled') && isOn('spark.sql.adaptive.coalescePartitions.enabled');
  const shufflePartitions = session.get('spark.sql.shuffle.partitions');
  return {
    session,
    slots: Math.max(1, slots),
    broadcastBytes: bytes('spark.sql.autoBroadcastJoinThreshold', 10 * MB),
    isAdaptive,
    advisoryBytes: bytes('spark.sql.adaptive.advisoryPartitionSizeInBytes', 64 * MB),
    leastBytes: bytes('spark.sql.adaptive.coalescePartitions.minPartitionSize', MB),
    mostBytes: bytes('spark.sql.files.maxPartitionBytes', 128 * MB),
    openBytes: bytes('spark.sql.files.openCostInBytes', 4 * MB),
    shufflePartitions: shufflePartitions === undefined ? undefined : Math.max(1, Number(shufflePartitions)),
    collapseBytes: bytesOf(session.get('spark.emberloom.sql.collapseBytes')),
  };
}

const UNITS: Readonly<Record<string, number>> = { '': 1, b: 1, k: 1024, kb: 1024, m: MB, mb: MB, g: 1024 * MB, gb: 1024 * MB };

/** `64MB`, `10m`, `-1`. @throws Error for anything else */
function bytesOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, n, unit] = /^\s*(-?\d+)\s*([a-z]*)\s*$/i.exec(text) ?? [];
  const factor = unit === undefined ? undefined : UNITS[unit.toLowerCase()];
  if (factor === undefined)
    throw new Error(`[INVALID_CONF_VALUE] '${text}' is no size in bytes: expected a number and a unit such as 64MB. SQLSTATE: 22022`);
  return Number(n) * factor;
}

/** Of all files that a query reads. */
export function queryBytes(plan: LogicalPlan): number {
  const own = plan.kind === 'scan' ? scanBytes(plan) : 0;
  const definitions = plan.kind === 'withCte' ? plan.definitions.map((d) => d.plan) : [];
  return [...childrenOf(plan), ...definitions].reduce((sum, child) => sum + queryBytes(child), own);
}
