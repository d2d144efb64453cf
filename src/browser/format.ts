// Numbers as text, as Spark's pages write them: `1.2 min`, `3.4 MiB`. Pure. Source: Spark's UIUtils.formatDuration and utils.js formatBytes.

/** ms. Below 0.1 s in ms, then s, min, h; from two days on in days. */
export function duration(ms: number | undefined): string {
  if (ms === undefined || Number.isNaN(ms)) return '–';
  if (ms < 0) return '0 ms';
  if (ms < 100) return `${Number.isInteger(ms) ? ms : ms.toFixed(1)} ms`;
  const seconds = ms / 1000;
  if (seconds < 1) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${seconds.toFixed(0)} s`;
  const minutes = seconds / 60;
  if (minutes < 10) return `${minutes.toFixed(1)} min`;
  if (minutes < 60) return `${minutes.toFixed(0)} min`;
  const hours = minutes / 60;
  return hours < 48 ? `${hours.toFixed(1)} h` : `${(hours / 24).toFixed(1)} d`;
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];
export function bytes(count: number | undefined): string {
  if (count === undefined || Number.isNaN(count)) return '–';
  if (count <= 0) return '0.0 B';
  const unit = Math.min(UNITS.length - 1, Math.floor(Math.log2(count) / 10));
  return `${(count / 1024 ** unit).toFixed(1)} ${UNITS[unit]}`;
}

/** MiB, as the cluster counts memory. */
export const memory = (mb: number | undefined): string => (mb === undefined ? '–' : mb === 0 ? '0' : bytes(mb * 1024 ** 2));
export const count = (n: number | undefined): string => (n === undefined ? '–' : n.toLocaleString('en-US'));
export const percent = (part: number, whole: number): string => (whole > 0 ? `${Math.round((100 * part) / whole)} %` : '–');
/** `3.4 MiB / 1,200`: size and records; empty when both are 0. */
export const sizeAndRecords = (size: number, records: number): string =>
  size === 0 && records === 0 ? '' : `${bytes(size)} / ${count(records)}`;
export const bytesOrNothing = (size: number): string => (size === 0 ? '' : bytes(size));

const two = (n: number): string => String(n).padStart(2, '0');
/** In the reader's time zone. */
export function moment(ms: number | undefined): string {
  if (ms === undefined || ms <= 0) return '–';
  const d = new Date(ms);
  return `${d.getFullYear()}/${two(d.getMonth() + 1)}/${two(d.getDate())} ${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;
}
/** A clock for axes; with ms when the steps are that fine. */
export function clock(ms: number, stepMs: number): string {
  const d = new Date(ms);
  const hm = `${two(d.getHours())}:${two(d.getMinutes())}`;
  if (stepMs >= 60_000) return hm;
  return stepMs >= 1000 ? `${hm}:${two(d.getSeconds())}` : `${hm}:${two(d.getSeconds())}.${String(d.getMilliseconds()).padStart(3, '0')}`;
}

/** REST dates (`2026-11-22T13:00:38.740GMT`) as ms since 1970. */
export function when(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = Date.parse(text.replace(/GMT$/, 'Z'));
  return Number.isNaN(ms) || ms < 0 ? undefined : ms;
}
export const plural = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`;
