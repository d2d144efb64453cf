// How far a zone is from UTC at an instant, for printing timestamps. The other way, local time → instant, is the engine's matter.
// The rules of zones are those of the JavaScript engine (ICU).

const US_PER_QUARTER = 900_000_000n;
type OffsetAt = (instantMicros: bigint) => bigint;
const zones = new Map<string, OffsetAt>();

/** @param zone IANA name or `+02:00`. @returns microseconds east of UTC at an instant. @throws RangeError when there is no such zone */
export function zoneOffset(zone: string): OffsetAt {
  let offsetAt = zones.get(zone);
  if (offsetAt === undefined) zones.set(zone, (offsetAt = makeOffset(zone)));
  return offsetAt;
}

function makeOffset(zone: string): OffsetAt {
  if (zone === 'UTC' || zone === 'Z') return () => 0n;
  const timeZone = /^(?:UTC|GMT)?([+-]\d\d?(?::?\d\d)?)$/.exec(zone)?.[1] ?? zone;
  const format = new Intl.DateTimeFormat('en-US', { timeZone: timeZone.replace(/^([+-])(\d)$/, '$10$2:00'), timeZoneName: 'longOffset' });
  const known = new Map<bigint, bigint>();
  return (instant) => {
    // Offsets change at quarters of an hour at the earliest.
    const quarter = instant / US_PER_QUARTER - (instant % US_PER_QUARTER < 0n ? 1n : 0n);
    let offset = known.get(quarter);
    if (offset === undefined) {
      const milliseconds = Math.max(-8.6e15, Math.min(8.6e15, Number(quarter) * 900_000));
      const text = format.formatToParts(milliseconds).find((p) => p.type === 'timeZoneName')?.value ?? 'GMT';
      const [, sign, hours = '0', minutes = '0', seconds = '0'] = /^GMT(?:([+-])(\d+):(\d+)(?::(\d+))?)?$/.exec(text) ?? [];
      const size = BigInt(Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1_000_000n;
      known.set(quarter, (offset = sign === '-' ? -size : size));
    }
    return offset;
  };
}
