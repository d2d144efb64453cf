// Variables that tasks add to and the driver reads. The driver merges the update of each successful task of an action once (driver/);
// in a task `add` goes to the running task's own part. They travel as {handler: 'accumulator', data} (closure/capture.ts).
// Source: Spark's AccumulatorV2.scala.
import { decodeRows, encodeRows } from './row-codec.ts';
import { type AccumulatorPart, runningTask } from './task-context.ts';

/** `sql`: of an operator of a query, the driver's own. */
export type AccumulatorKind = 'long' | 'double' | 'collection' | 'sql';
/** id and what AccumulatorPart.update gave. */
export type AccumulatorUpdate = readonly [id: number, update: unknown];

abstract class Accumulator<In, Out> {
  readonly id: number;
  readonly name: string | undefined;
  abstract readonly kind: AccumulatorKind;

  constructor(id: number, name?: string) {
    this.id = id;
    this.name = name;
  }

  abstract get value(): Out;
  abstract get isZero(): boolean;
  abstract add(value: In): void;
  abstract reset(): void;
  /** The driver's side of a task's update. */
  abstract merge(update: unknown): void;

  [Symbol.for('spark.closure.replace')](): { handler: string; data: unknown } {
    return { handler: 'accumulator', data: { id: this.id, kind: this.kind, name: this.name } };
  }

  protected part(): AccumulatorPart | undefined {
    return runningTask()?.accumulator(this.id, () => (this.kind === 'collection' ? new ListPart() : new SumPart()));
  }
}

/** Sum and count of numbers. `long`: whole numbers, exact to 2^53. */
class NumberAccumulator extends Accumulator<number, number> {
  readonly kind: AccumulatorKind;
  #own = new SumPart();

  constructor(id: number, kind: Exclude<AccumulatorKind, 'collection'>, name?: string) {
    super(id, name);
    this.kind = kind;
  }

  #here(): SumPart {
    return (this.part() as SumPart | undefined) ?? this.#own;
  }

  override get value(): number {
    return this.#here().sum;
  }

  get sum(): number {
    return this.#here().sum;
  }

  get count(): number {
    return this.#here().count;
  }

  get avg(): number {
    return this.sum / this.count;
  }

  override get isZero(): boolean {
    return this.sum === 0 && this.count === 0;
  }

  override add(value: number): void {
    this.#here().add(value);
  }

  override reset(): void {
    this.#own = new SumPart();
  }

  override merge(update: unknown): void {
    const [sum, count] = update as [number, number];
    this.#own.sum += sum;
    this.#own.count += count;
  }
}

export class LongAccumulator extends NumberAccumulator {
  constructor(id: number, name?: string) {
    super(id, 'long', name);
  }

  /** @throws TypeError when the value is not a whole number */
  override add(value: number): void {
    if (!Number.isInteger(value)) throw new TypeError(`longAccumulator.add: ${value} is not a whole number; use doubleAccumulator`);
    super.add(value);
  }
}

export class DoubleAccumulator extends NumberAccumulator {
  constructor(id: number, name?: string) {
    super(id, 'double', name);
  }
}

/** A figure of an operator of a query. Source: Spark's SQLMetric. */
export class SqlMetric extends NumberAccumulator {
  constructor(id: number, name?: string) {
    super(id, 'sql', name);
  }
}

/** All values added, in no defined order between tasks. */
export class CollectionAccumulator<T> extends Accumulator<T, T[]> {
  override readonly kind = 'collection';
  #own = new ListPart();

  #here(): ListPart {
    return (this.part() as ListPart | undefined) ?? this.#own;
  }

  override get value(): T[] {
    return this.#here().value as T[];
  }

  override get isZero(): boolean {
    return this.#here().value.length === 0;
  }

  override add(value: T): void {
    this.#here().add(value);
  }

  override reset(): void {
    this.#own = new ListPart();
  }

  override merge(update: unknown): void {
    for (const value of decodeRows(update as Uint8Array)) this.#own.add(value);
  }
}

/** A task's part of a number. */
export class SumPart implements AccumulatorPart {
  sum = 0;
  count = 0;

  add(value: unknown): void {
    this.sum += value as number;
    this.count++;
  }

  get value(): number {
    return this.sum;
  }

  update(): [number, number] {
    return [this.sum, this.count];
  }
}

/** A task's part of a collection. */
export class ListPart implements AccumulatorPart {
  readonly value: unknown[] = [];

  add(value: unknown): void {
    this.value.push(value);
  }

  update(): Uint8Array {
    return encodeRows(this.value);
  }
}

export type AnyAccumulator = LongAccumulator | SqlMetric | DoubleAccumulator | CollectionAccumulator<any>;

/** The handler `accumulator` on executors, and what the driver's source methods make. */
export function makeAccumulator({ id, kind, name }: { id: number; kind: AccumulatorKind; name?: string | undefined }): AnyAccumulator {
  if (kind === 'sql') return new SqlMetric(id, name);
  if (kind === 'long') return new LongAccumulator(id, name);
  return kind === 'double' ? new DoubleAccumulator(id, name) : new CollectionAccumulator<unknown>(id, name);
}
