// The session's time zone as the SQL kernel (DuckDB) says it: names of the IANA list as they are, offsets of whole hours by the names that they have there.
// An offset with minutes has none; the kernel would drop them, so it is given in a form that it refuses.
import { quoteText } from './kernel-quotes.ts';

/** @returns hours, minutes and seconds east of UTC of `+05:30`, `UTC-3`, `Z`; undefined: the zone has a name. Source: Spark's getZoneId, java.time.ZoneId.of */
export function fixedOffset(zone: string): readonly [hours: number, minutes: number, seconds: number] | undefined {
  if (/^(?:Z|UTC|GMT|UT)$/.test(zone)) return [0, 0, 0];
  const match = /^(?:UTC|GMT|UT)?([+-])(\d{1,2})(?::?(\d{1,2})(?::?(\d{2}))?)?$/.exec(zone);
  if (match === null) return undefined;
  const sign = match[1] === '-' ? -1 : 1;
  const [hours, minutes, seconds] = match.slice(2).map((n) => sign * Number(n ?? 0)) as [number, number, number];
  return [hours, minutes, seconds];
}

/** The kernel's name of a zone; undefined: it has none. */
export function kernelZone(zone: string): string | undefined {
  const offset = fixedOffset(zone);
  if (offset === undefined) return zone;
  const [hours, minutes, seconds] = offset;
  if (minutes !== 0 || seconds !== 0 || hours < -12 || hours > 14) return undefined;
  // POSIX counts to the west.
  return hours === 0 ? 'UTC' : `Etc/GMT${hours > 0 ? '-' : '+'}${Math.abs(hours)}`;
}

export const zoneSetting = (zone: string): string => `SET TimeZone=${quoteText(kernelZone(zone) ?? zone.replace(/^(?:UTC|GMT|UT)/, ''))}`;
