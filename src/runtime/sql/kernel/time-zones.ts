// Local times in a zone ↔ instants, with Java's choices at the changes of daylight saving time: of two instants the first, and a time that the
// clock skips moves on by what it skipped. The rules of zones are those of the JavaScript engine (ICU). Source: java.time.ZonedDateTime.of.
import { fixedOffsetMinutes } from '../parser/datetime-literals.ts';

/** Java's three-letter names that are no zone of the IANA list or mean another there. */
const SHORT: { readonly [name: string]: string } = {
  ACT: 'Australia/Darwin',
  AET: 'Australia/Sydney',
  AGT: 'America/Argentina/Buenos_Aires',
  ART: 'Africa/Cairo',
  AST: 'America/Anchorage',
  BET: 'America/Sao_Paulo',
  BST: 'Asia/Dhaka',
  CAT: 'Africa/Harare',
  CNT: 'America/St_Johns',
  CST: 'America/Chicago',
  CTT: 'Asia/Shanghai',
  EAT: 'Africa/Addis_Ababa',
  ECT: 'Europe/Paris',
  IET: 'America/Indiana/Indianapolis',
  IST: 'Asia/Kolkata',
  JST: 'Asia/Tokyo',
  MIT: 'Pacific/Apia',
  NET: 'Asia/Yerevan',
  NST: 'Pacific/Auckland',
  PLT: 'Asia/Karachi',
  PNT: 'America/Phoenix',
  PRT: 'America/Puerto_Rico',
  PST: 'America/Los_Angeles',
  SST: 'Pacific/Guadalcanal',
  VST: 'Asia/Ho_Chi_Minh',
};

type Rules = (instantMicros: bigint) => bigint;
const zones = new Map<string, Rules | undefined>();
const STEP = 900_000_000n;

/** @returns µs east of UTC at an instant; undefined: there is no such zone */
export function zoneRules(name: string): Rules | undefined {
  if (!zones.has(name)) zones.set(name, makeRules(name));
  return zones.get(name);
}

/** As text: `Europe/Berlin`, `+02:00`, `UTC`. */
export const isTimeZone = (name: string): boolean => zoneRules(name) !== undefined;

function makeRules(name: string): Rules | undefined {
  const fixed = fixedOffsetMinutes(name);
  if (fixed !== undefined) return () => BigInt(fixed) * 60_000_000n;
  const timeZone = SHORT[name] ?? name;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  } catch {
    return undefined;
  }
  const known = new Map<bigint, bigint>();
  return (instant) => {
    // Offsets change at quarters of an hour.
    const quarter = (instant - (((instant % STEP) + STEP) % STEP)) / STEP;
    let offset = known.get(quarter);
    if (offset === undefined) {
      const milliseconds = Math.max(-8.6e15, Math.min(8.6e15, Number(quarter) * 900_000));
      const text = format.formatToParts(milliseconds).find((p) => p.type === 'timeZoneName')?.value ?? 'GMT';
      const [, sign, hours = '0', minutes = '0', seconds = '0'] = /^GMT(?:([+-])(\d+):(\d+)(?::(\d+))?)?$/.exec(text) ?? [];
      const size = BigInt(Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1_000_000n;
      offset = sign === '-' ? -size : size;
      known.set(quarter, offset);
    }
    return offset;
  };
}

const DAY = 86_400_000_000n;

/** @param local µs of a local time since 1970-01-01 00:00. @returns µs since 1970-01-01T00:00Z; undefined: there is no such zone */
export function instantOf(local: bigint, zone: string): bigint | undefined {
  const offsetAt = zoneRules(zone);
  if (offsetAt === undefined) return undefined;
  const [before, after] = [offsetAt(local - DAY), offsetAt(local + DAY)];
  if (offsetAt(local - before) === before) return local - before;
  return offsetAt(local - after) === after ? local - after : local - before;
}

export function localOf(instant: bigint, zone: string): bigint {
  return instant + (zoneRules(zone)?.(instant) ?? 0n);
}
