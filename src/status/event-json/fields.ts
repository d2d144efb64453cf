// Fields of a parsed line, taken with their types: what a log must have, and what older or other versions leave out. For read.ts.
import type { Pairs, StorageLevelInfo } from '../events.ts';

/** A known event without what it must have: it is counted and left out. */
export class Malformed extends Error {}

export type Json = Readonly<Record<string, unknown>>;

const wrong = (name: string, value: unknown): never => {
  throw new Malformed(`${name} is ${value === undefined ? 'missing' : JSON.stringify(value)}`);
};

export function text(json: Json, name: string, fallback?: string): string {
  const value = json[name];
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? (fallback ?? wrong(name, undefined)) : wrong(name, value);
}

/** Undefined when it is not there. */
export const maybeText = (json: Json, name: string): string | undefined => (typeof json[name] === 'string' ? json[name] : undefined);

export function number(json: Json, name: string, fallback?: number): number {
  const value = json[name];
  if (typeof value === 'number') return value;
  // Longs come as text from some writers.
  if (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  return value === undefined || value === null ? (fallback ?? wrong(name, undefined)) : wrong(name, value);
}

export const maybeNumber = (json: Json, name: string): number | undefined => (typeof json[name] === 'number' ? json[name] : undefined);
export const flag = (json: Json, name: string, fallback = false): boolean => (typeof json[name] === 'boolean' ? json[name] : fallback);

export function object(json: Json, name: string): Json {
  const value = json[name];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : wrong(name, value);
}

export const maybeObject = (json: Json, name: string): Json | undefined =>
  typeof json[name] === 'object' && json[name] !== null && !Array.isArray(json[name]) ? (json[name] as Json) : undefined;

/** An absent list is empty. */
export function list(json: Json, name: string): readonly unknown[] {
  const value = json[name];
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : wrong(name, value);
}

export const objects = (json: Json, name: string): readonly Json[] => list(json, name) as readonly Json[];

/** An object of texts as pairs; absent: none. Environments of old logs are lists of pairs. */
export function pairs(json: Json, name: string): Pairs {
  const value = json[name];
  if (Array.isArray(value)) return value.map((pair) => [String(pair[0]), String(pair[1])] as const);
  const given = maybeObject(json, name);
  return given === undefined ? [] : Object.entries(given).map(([key, v]) => [key, typeof v === 'string' ? v : JSON.stringify(v)] as const);
}

export function storageLevel(json: Json): StorageLevelInfo {
  return {
    useDisk: flag(json, 'Use Disk'),
    useMemory: flag(json, 'Use Memory'),
    useOffHeap: flag(json, 'Use Off Heap'),
    deserialized: flag(json, 'Deserialized'),
    replication: number(json, 'Replication', 1),
  };
}
