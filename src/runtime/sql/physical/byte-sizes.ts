// Sizes as settings say them. Source: JavaUtils.byteStringAsBytes of Spark 4.2.

const MB = 1 << 20;
const UNITS: Readonly<Record<string, number>> = { '': 1, b: 1, k: 1024, kb: 1024, m: MB, mb: MB, g: 1024 * MB, gb: 1024 * MB };

/** `64MB`, `10m`, `-1`. @throws Error for anything else */
export function byteSize(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, n, unit] = /^\s*(-?\d+)\s*([a-z]*)\s*$/i.exec(text) ?? [];
  const factor = unit === undefined ? undefined : UNITS[unit.toLowerCase()];
  if (factor === undefined)
    throw new Error(`[INVALID_CONF_VALUE] '${text}' is no size in bytes: expected a number and a unit such as 64MB. SQLSTATE: 22022`);
  return Number(n) * factor;
}

/** spark.sql.autoBroadcastJoinThreshold; -1: never. */
export const broadcastThreshold = (get: (key: string) => string | undefined): number =>
  byteSize(get('spark.sql.autoBroadcastJoinThreshold')) ?? 10 * MB;
