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

/** Functions of the program are told apart by what they are. */
const ids = new WeakMap<object, number>();
let known = 0;
function idOf(body: unknown): number {
  const key = body as object;
  let id = ids.get(key);
  if (id === undefined) ids.set(key, (id = ++known));
  return id;
}

/** Text in quotes, names in quotes, and the names that columns and inputs have here: c12, s3. */
const TOKENS = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\b[cs]\d+\b/g;

/** Exchanges and broadcasts keep their names, which say which they are. So do names of users, which are always in quotes. */
function keyOf(branches: readonly SqlBranch[]): string {
  const names = new Map<string, string>();
  const parts = branches.map(({ fragment, source, everywhere, bodies }) => {
    const { sql, inputs, broadcasts, functions, steps, isWhole } = fragment;
    const isText = (name: string) => /^s\d+$/.test(name);
    const own = new Set(
      inputs.filter(({ name }) => isText(name)).flatMap(({ name, columns }) => [name, ...columns.map(([column]) => column)]),
    );
    const numbered = (name: string): string => {
      if (!names.has(name)) names.set(name, `${name[0]}_${names.size}`);
      return names.get(name)!;
    };
    const general = (text: string): string =>
      text.replace(TOKENS, (token) => {
        if (token[0] === "'") return token;
        if (token[0] !== '"') return numbered(token);
        const name = token.slice(1, -1);
        return own.has(name) ? `"${numbered(name)}"` : token;
      });
    const read =
      source.kind === 'texts'
        ? source.tasks.map((texts) => texts.map(([input, text, ...more]) => [numbered(input), general(text), ...more]))
        : source.kind === 'rdd'
          ? source.input.name
          : source.reads.map(({ exchange, groups, shares }) => [exchange.name, groups, shares]);
    const given = inputs.map(({ name, columns }) => (isText(name) ? [numbered(name), columns.map(([, type]) => type)] : name));
    return [
      general(sql),
      given,
      broadcasts.map(({ name }) => name),
      everywhere.map(({ input }) => input),
      functions,
      steps?.map((step) => ({ ...step, sql: general(step.sql) })),
      bodies.map(idOf),
      isWhole,
      read,
    ];
  });
  return JSON.stringify(parts);
}
