// The state of a reducer as bytes, and back: all but the tasks, which are rows. So a log that grew is read on from where one stopped, and an
// index that is there need not be made again. What several entities share (a job of its stages) is shared afterwards too.
import { deserialize, serialize } from 'node:v8';
import { Indices, LiveExecutor, LiveExecutorStage, LiveJob, LiveRdd, LiveSql, LiveStage, Peaks } from '../../status/store/entities.ts';
import { type Retention, StatusState } from '../../status/store/status-state.ts';
import type { TaskTables } from '../../status/store/task-table.ts';

/** Entities whose fields are all there is to them. */
const ENTITIES = { LiveExecutor, LiveExecutorStage, LiveJob, LiveRdd, LiveSql, LiveStage } as const;
type EntityName = keyof typeof ENTITIES;
const NAMES = new Map<unknown, EntityName>(Object.entries(ENTITIES).map(([name, entity]) => [entity, name as EntityName]));

type Plain = { kind: EntityName; fields: Record<string, unknown> };
const FIELDS = ['version', 'sparkVersion', 'application', 'environment', 'waiting'] as const;
const COLLECTIONS = ['profiles', 'jobs', 'stages', 'executors', 'rdds', 'sql'] as const;
const TOTALS = ['totals', 'taskTotals'] as const;

export function snapshotOf(state: StatusState): Buffer {
  const seen = new Map<object, object>();
  const plain: Record<string, unknown> = {};
  for (const name of [...FIELDS, ...COLLECTIONS, ...TOTALS]) plain[name] = toPlain(state[name], seen);
  return serialize(plain);
}

/** @param bytes of a snapshot of the same INDEX_FORMAT */
export function stateOf(bytes: Uint8Array, tables: TaskTables, retention: Retention): StatusState {
  const plain = deserialize(bytes) as Record<string, unknown>;
  const state = new StatusState(tables, retention);
  const made = new Map<object, object>();
  for (const name of FIELDS) (state as unknown as Record<string, unknown>)[name] = fromPlain(plain[name], made, tables);
  for (const name of COLLECTIONS) {
    const mine = state[name] as Map<unknown, unknown>;
    for (const [key, value] of fromPlain(plain[name], made, tables) as Map<unknown, unknown>) mine.set(key, value);
  }
  for (const name of TOTALS) Object.assign(state[name], plain[name]);
  return state;
}

function toPlain(value: unknown, seen: Map<object, object>): unknown {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  const before = seen.get(value);
  if (before !== undefined) return before;
  const remember = <T extends object>(plain: T): T => {
    seen.set(value, plain);
    return plain;
  };
  if (value instanceof Indices) return remember({ kind: 'Indices', seen: value.bytes });
  if (value instanceof Peaks) return remember({ kind: 'Peaks', peaks: value.get() });
  if (Array.isArray(value)) {
    const list = remember([] as unknown[]);
    for (const item of value) list.push(toPlain(item, seen));
    return list;
  }
  if (value instanceof Map) {
    const map = remember(new Map<unknown, unknown>());
    for (const [key, item] of value) map.set(key, toPlain(item, seen));
    return map;
  }
  if (value instanceof Set) return remember(new Set(value));
  const name = NAMES.get(value.constructor);
  const fields: Record<string, unknown> = {};
  remember(name === undefined ? fields : ({ kind: name, fields } satisfies Plain));
  for (const [key, item] of Object.entries(value)) if (!(name === 'LiveStage' && key === 'tasks')) fields[key] = toPlain(item, seen);
  return seen.get(value);
}

function fromPlain(value: unknown, made: Map<object, object>, tables: TaskTables): unknown {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  const before = made.get(value);
  if (before !== undefined) return before;
  const remember = <T extends object>(whole: T): T => {
    made.set(value, whole);
    return whole;
  };
  if (Array.isArray(value)) {
    const list = remember([] as unknown[]);
    for (const item of value) list.push(fromPlain(item, made, tables));
    return list;
  }
  if (value instanceof Map) {
    const map = remember(new Map<unknown, unknown>());
    for (const [key, item] of value) map.set(key, fromPlain(item, made, tables));
    return map;
  }
  if (value instanceof Set) return remember(value);
  const { kind } = value as { kind?: string };
  if (kind === 'Indices') {
    const indices = remember(new Indices());
    (value as unknown as { seen: Uint8Array }).seen.forEach((is, index) => void (is === 1 && indices.add(index)));
    return indices;
  }
  if (kind === 'Peaks') {
    const peaks = remember(new Peaks());
    const seen = (value as unknown as { peaks: ReturnType<Peaks['get']> }).peaks;
    if (seen !== undefined) peaks.take(seen);
    return peaks;
  }
  const entity = kind === undefined ? undefined : ENTITIES[kind as EntityName];
  const whole = remember((entity === undefined ? {} : Object.create(entity.prototype)) as Record<string, unknown>);
  const fields = entity === undefined ? value : (value as Plain).fields;
  for (const [key, item] of Object.entries(fields)) whole[key] = fromPlain(item, made, tables);
  if (kind === 'LiveStage') {
    const { stageId, attemptId } = whole['info'] as { stageId: number; attemptId: number };
    whole['tasks'] = tables.open(stageId, attemptId);
  }
  return whole;
}
