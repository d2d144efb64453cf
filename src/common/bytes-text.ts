// Sizes as Spark prints them. Not for settings: those are read and written by key.ts.

/** `1.5 KiB`. Source: Utils.bytesToString */
export function bytesText(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];
  let unit = 0;
  let value = bytes;
  // The next unit from two of it on, as Spark.
  while (value >= 2 * 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value.toLocaleString('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1, useGrouping: false })} ${units[unit]}`;
}
