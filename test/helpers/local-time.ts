// An instant as a clock of a zone shows it, for texts that are compared with Spark's: any year, offsets with seconds (before zones had rules).

const MICROS_PER_SECOND = 1_000_000n;
/** 400 years of the Gregorian calendar, to bring far years to those that Date knows. */
const CYCLE_SECONDS = 12_622_780_800n;
const formats = new Map<string, Intl.DateTimeFormat>();

function offsetSeconds(epochSeconds: bigint, zone: string): bigint {
  const fixed = /^(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?(?::?(\d{2}))?$/.exec(zone);
  if (fixed !== null) {
    const seconds = BigInt(fixed[2]!) * 3600n + BigInt(fixed[3] ?? 0) * 60n + BigInt(fixed[4] ?? 0);
    return fixed[1] === '-' ? -seconds : seconds;
  }
  let at = epochSeconds;
  while (at > 250_000_000_000n) at -= CYCLE_SECONDS;
  while (at < -60_000_000_000n) at += CYCLE_SECONDS;
  let format = formats.get(zone);
  if (format === undefined) {
    const fields = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' } as const;
    formats.set(
      zone,
      (format = new Intl.DateTimeFormat('en-US', { timeZone: zone === 'Z' ? 'UTC' : zone, hourCycle: 'h23', era: 'short', ...fields })),
    );
  }
  const parts = Object.fromEntries(format.formatToParts(Number(at) * 1000).map((p) => [p.type, p.value]));
  const year = parts.era?.startsWith('B') ? 1 - Number(parts.year) : Number(parts.year);
  const local = new Date(0);
  local.setUTCFullYear(year, Number(parts.month) - 1, Number(parts.day));
  local.setUTCHours(Number(parts.hour), Number(parts.minute), Number(parts.second));
  return BigInt(local.getTime() / 1000) - at;
}

const floorDiv = (a: bigint, b: bigint): bigint => (a % b < 0n ? a / b - 1n : a / b);

/** `2020-01-31`; years beyond 9999 with a plus, before 0 with a minus. @param days since 1970 */
export function dateText(days: number): string {
  const cycles = Math.floor(days / 146_097);
  const date = new Date((days - cycles * 146_097) * 86_400_000);
  const year = date.getUTCFullYear() + cycles * 400;
  const text = String(Math.abs(year)).padStart(4, '0');
  return `${year > 9999 ? '+' : year < 0 ? '-' : ''}${text}${date.toISOString().slice(4, 10)}`;
}

/** `01:02:03.5`: no zeros at the end of the fraction. @param micros of the day */
export function timeOfDayText(micros: bigint): string {
  const seconds = micros / MICROS_PER_SECOND;
  const two = (n: bigint) => String(n).padStart(2, '0');
  const fraction = String(micros % MICROS_PER_SECOND)
    .padStart(6, '0')
    .replace(/0+$/, '');
  return `${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}${fraction === '' ? '' : `.${fraction}`}`;
}

/** @param zone undefined: a local time already */
export function timestampText(micros: bigint, zone?: string): string {
  const local = zone === undefined ? micros : micros + offsetSeconds(floorDiv(micros, MICROS_PER_SECOND), zone) * MICROS_PER_SECOND;
  const days = floorDiv(local, 86_400_000_000n);
  return `${dateText(Number(days))} ${timeOfDayText(local - days * 86_400_000_000n)}`;
}
