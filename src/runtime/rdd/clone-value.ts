// A copy of a zero value, so that a merge which changes its accumulator in place starts from a fresh one each time. Spark serialises and
// deserialises it; instances keep their class here.

export function cloneValue<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(cloneValue) as T;
  const prototype = Object.getPrototypeOf(value);
  if (value instanceof Map) {
    const entries = [...Map.prototype.entries.call(value)].map(([k, v]): [unknown, unknown] => [cloneValue(k), cloneValue(v)]);
    return withFields(Object.setPrototypeOf(new Map(entries), prototype), value) as T;
  }
  if (value instanceof Set) {
    const items = [...Set.prototype.values.call(value)].map(cloneValue);
    return withFields(Object.setPrototypeOf(new Set(items), prototype), value) as T;
  }
  if (value instanceof Date || value instanceof RegExp || ArrayBuffer.isView(value) || value instanceof ArrayBuffer)
    return structuredClone(value);
  return withFields(Object.create(prototype), value) as T;
}

function withFields(copy: Record<PropertyKey, unknown>, value: object): object {
  for (const key of Reflect.ownKeys(value)) copy[key] = cloneValue((value as Record<PropertyKey, unknown>)[key]);
  return copy;
}
