// The same rows asked for twice in one query are computed once: stages whose texts differ in nothing but the ids of their columns.
// Source: ReuseExchangeAndSubquery of Spark 4.2.
import type { Exchange, SqlBranch } from '../../rdd/sql-fragment.ts';
import type { BroadcastTable } from './parts.ts';

export class Reuse {
  readonly #exchanges = new Map<string, Promise<Exchange>>();
  readonly #broadcasts = new Map<string, Promise<BroadcastTable>>();

  exchange(branches: readonly SqlBranch[], partitions: number, make: () => Promise<Exchange>): Promise<Exchange> {
    return once(this.#exchanges, `${partitions} ${keyOf(branches)}`, make);
  }

  broadcast(branches: readonly SqlBranch[], make: () => Promise<BroadcastTable>): Promise<BroadcastTable> {
    return once(this.#broadcasts, keyOf(branches), make);
  }
}

function once<T>(made: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  let value = made.get(key);
  if (value === undefined) made.set(key, (value = make()));
  return value;
}

/** Exchanges and broadcasts keep their names, which say which they are. */
function keyOf(branches: readonly SqlBranch[]): string {
  const names = new Map<string, string>();
  const general = (text: string): string =>
    text.replace(/\b([cs])\d+\b/g, (name, kind: string) => {
      if (!names.has(name)) names.set(name, `${kind}_${names.size}`);
      return names.get(name)!;
    });
  const parts = branches.map(({ fragment, source }) => {
    const { sql, inputs, broadcasts, functions, isWhole } = fragment;
    const read = source.kind === 'texts' ? source.tasks : source.reads.map(({ exchange, groups }) => [exchange.name, groups]);
    return [sql, inputs, broadcasts.map(({ name }) => name), functions, isWhole, read];
  });
  return general(JSON.stringify(parts));
}
