// Times as Java's Date.toString-like formats of YARN's commands print them. Local time zone.

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (n: number): string => String(n).padStart(2, '0');

function offset(at: Date): string {
  const minutes = -at.getTimezoneOffset();
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(Math.abs(minutes) / 60))}${two(Math.abs(minutes) % 60)}`;
}

/** `EEE MMM dd HH:mm:ss Z yyyy`: Sun Nov 22 13:46:56 +0000 2026 */
export function longTime(ms: number): string {
  const at = new Date(ms);
  return `${DAYS[at.getDay()]} ${MONTHS[at.getMonth()]} ${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())} ${offset(at)} ${at.getFullYear()}`;
}

/** `yyyy-MM-dd'T'HH:mm:ss.SSSZ`, of lifetimes: 2030-01-01T00:00:00.000+0000 */
export function iso8601(ms: number): string {
  const local = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000);
  return local.toISOString().replace('Z', offset(new Date(ms)));
}

/** `EEE dd/MMM/yy hh:mm:ss:SSzz`, twelve hours, of `yarn node -status`: Sun 22/Nov/26 01:17:38:442UTC */
export function healthTime(ms: number): string {
  const at = new Date(ms);
  const zone =
    new Intl.DateTimeFormat('en-US', { timeZoneName: 'short' }).formatToParts(at).find((p) => p.type === 'timeZoneName')?.value ?? '';
  return `${DAYS[at.getDay()]} ${two(at.getDate())}/${MONTHS[at.getMonth()]}/${two(at.getFullYear() % 100)} ${two(at.getHours() % 12 || 12)}:${two(at.getMinutes())}:${two(at.getSeconds())}:${two(at.getMilliseconds())}${zone}`;
}
