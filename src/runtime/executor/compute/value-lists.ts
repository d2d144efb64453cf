// Lists of the values of a key, as groupByKey and cogroup make them. V8 makes room for 17 elements when a list of one gets its second: short lists are
// made anew at their length, or half a million groups of four would take twice their size, and more than the estimate says.

/** Longer lists grow by half of themselves each time. */
const EXACT = 4;

/** @returns the list with the value: the same one, or another in its place */
export function appended(list: unknown[], value: unknown): unknown[] {
  // Literals have room for what is written in them; a spread makes room for more.
  switch (list.length) {
    case 1:
      return [list[0], value];
    case 2:
      return [list[0], list[1], value];
    case 3:
      return [list[0], list[1], list[2], value];
    default:
      list.push(value);
      return list;
  }
}

/** @returns the list with those values: the same one, or another in its place */
export function joined(list: unknown[], more: readonly unknown[]): unknown[] {
  if (list.length + more.length <= EXACT) return list.concat(more);
  for (const value of more) list.push(value);
  return list;
}
