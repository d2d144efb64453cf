// Memory and vcores, YARN's Resource: fits, plus, minus. Countable resources (gpu) will join here.

export type Resource = { readonly memoryMb: number; readonly vcores: number };

export const NOTHING: Resource = { memoryMb: 0, vcores: 0 };
export const resource = (memoryMb: number, vcores: number): Resource => ({ memoryMb, vcores });
export const plus = (a: Resource, b: Resource): Resource => ({ memoryMb: a.memoryMb + b.memoryMb, vcores: a.vcores + b.vcores });
export const minus = (a: Resource, b: Resource): Resource => ({ memoryMb: a.memoryMb - b.memoryMb, vcores: a.vcores - b.vcores });
export const fits = (free: Resource, want: Resource): boolean => free.memoryMb >= want.memoryMb && free.vcores >= want.vcores;
/** Text form of YARN's Resource.toString: `<memory:2048, vCores:1>`. */
export const resourceText = (r: Resource): string => `<memory:${r.memoryMb}, vCores:${r.vcores}>`;
