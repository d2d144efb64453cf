// JSON as Jackson's pretty printer writes it: `"key" : value`, one key a line. Tools split those lines at " : ", which
// JSON.stringify does not have.

/** Objects of plain values and nested objects; undefined fields are left out. */
export function jacksonText(value: unknown, indent = ''): string {
  if (Array.isArray(value)) return value.length === 0 ? '[ ]' : `[ ${value.map((item) => jacksonText(item, indent)).join(', ')} ]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const inner = `${indent}  `;
  const fields = Object.entries(value).filter(([, v]) => v !== undefined);
  if (fields.length === 0) return '{ }';
  return `{\n${fields.map(([key, v]) => `${inner}${JSON.stringify(key)} : ${jacksonText(v, inner)}`).join(',\n')}\n${indent}}`;
}
