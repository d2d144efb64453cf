// PostgreSQL and MySQL as databases of JDBC sources: DuckDB's own extensions for them, attached under a secret, so that no text and no error has a
// password. What is asked is the database's own SQL; the kernel only reads its rows. Port: common/remote-database.ts.
import { createHash } from 'node:crypto';
import { quoteName, quoteText } from '../common/kernel-quotes.ts';
import { kernelRows } from '../common/kernel-rows.ts';
import type { OpenRemoteRows, RemoteColumn, RemoteConnection, RemoteDatabase, RemoteInsert } from '../common/remote-database.ts';
import type { SqlKernel } from '../common/sql-kernel.ts';
import type { KernelExtension } from './kernel-extensions.ts';
import { MYSQL_QUOTED, mysqlColumns, withoutQuotes } from './mysql-columns.ts';

type Served = Exclude<RemoteDatabase, { kind: 'sqlite' }>;
type Kernel = Pick<SqlKernel, 'run' | 'query' | 'createTable' | 'append'>;
let tables = 0;

const KINDS = {
  postgresql: {
    extension: 'postgres_scanner',
    type: 'postgres',
    query: 'postgres_query',
    execute: 'postgres_execute',
    forget: 'pg_clear_cache',
  },
  mysql: { extension: 'mysql_scanner', type: 'mysql', query: 'mysql_query', execute: 'mysql_execute', forget: 'mysql_clear_cache' },
} as const satisfies Record<Served['kind'], { extension: KernelExtension } & Record<string, string>>;

export const extensionOf = ({ kind }: Served): KernelExtension => KINDS[kind].extension;

/** Unique to the database and whoever asks: `remote_3f…`. */
export const attachedName = (database: Served): string =>
  `remote_${createHash('sha256').update(JSON.stringify(database)).digest('hex').slice(0, 16)}`;

/** Makes the kernel know the database; nothing is asked of it that changes it. */
export async function attach(kernel: Kernel, database: Served): Promise<AttachedConnection> {
  const name = attachedName(database);
  const { type } = KINDS[database.kind];
  const { host, port, user, password } = database;
  const given = { HOST: host, PORT: String(port), DATABASE: database.database, USER: user, PASSWORD: password };
  const options = Object.entries(given).flatMap(([key, value]) =>
    value === undefined || value === '' ? [] : [`${key} ${quoteText(value)}`],
  );
  await kernel.run(`CREATE OR REPLACE SECRET ${name} (TYPE ${type}, ${options.join(', ')})`);
  await kernel.run(`ATTACH IF NOT EXISTS ${quoteText(propertiesText(database))} AS ${name} (TYPE ${type}, SECRET ${name})`);
  return new AttachedConnection(kernel, name, database.kind);
}

/** What of the driver's properties the client library knows, too. */
function propertiesText({ kind, properties }: Served): string {
  const names: Readonly<Record<string, string>> =
    kind === 'postgresql'
      ? {
          sslmode: 'sslmode',
          ApplicationName: 'application_name',
          connectTimeout: 'connect_timeout',
          sslrootcert: 'sslrootcert',
          options: 'options',
        }
      : { sslMode: 'ssl_mode' };
  const known = Object.entries(properties).flatMap(([key, value]) =>
    names[key] === undefined ? [] : [`${names[key]}='${value.replace(/['\\]/g, '\\$&')}'`],
  );
  return known.join(' ');
}

export class AttachedConnection implements RemoteConnection {
  readonly #kernel: Kernel;
  readonly #name: string;
  readonly #kind: Served['kind'];

  constructor(kernel: Kernel, name: string, kind: Served['kind']) {
    this.#kernel = kernel;
    this.#name = name;
    this.#kind = kind;
  }

  #ask(sql: string): string {
    return `${KINDS[this.#kind].query}(${quoteText(this.#name)}, ${quoteText(sql)})`;
  }

  /** The kernel says names, and numbers of digits; the database says what its own types are called. */
  async columns(from: string): Promise<readonly RemoteColumn[]> {
    const sql = `SELECT * FROM ${from} WHERE 1=0`;
    const described = await kernelRows(this.#kernel, `DESCRIBE SELECT * FROM ${this.#ask(sql)}`);
    const kernel = described.map(([name, type]) => ({ name: String(name), type: String(type) }));
    if (kernel.length === 0) return kernel;
    if (this.#kind === 'mysql') return mysqlColumns(from, kernel, (text) => kernelRows(this.#kernel, `SELECT * FROM ${this.#ask(text)}`));
    const types = kernel.map(({ name }, i) => `pg_typeof(q.${quoteName(name)})::text AS t${i}`);
    const [own = []] = await kernelRows(
      this.#kernel,
      `SELECT * FROM ${this.#ask(`SELECT ${types.join(', ')} FROM (SELECT 1) AS one LEFT JOIN (${sql}) AS q ON false`)}`,
    );
    return kernel.map(({ name, type }, i) => ({
      name,
      type: String(own[i]).startsWith('numeric') && type.startsWith('DECIMAL') ? type.toLowerCase() : String(own[i]),
    }));
  }

  async open(sql: string, types: readonly string[]): Promise<OpenRemoteRows> {
    const name = `remote_rows_${++tables}`;
    const names = types.map((_, i) => `c${i}`);
    await this.#kernel.run(`CREATE VIEW ${name} AS SELECT * FROM ${this.#ask(sql)} AS q(${names.join(', ')})`);
    return { name, close: () => this.#kernel.run(`DROP VIEW IF EXISTS ${name}`) };
  }

  async hasTable(table: string): Promise<boolean> {
    try {
      await kernelRows(this.#kernel, `DESCRIBE SELECT * FROM ${this.#ask(`SELECT 1 AS found FROM ${table} WHERE 1=0`)}`);
      return true;
    } catch (error) {
      if (/does not exist|doesn't exist/.test((error as Error).message)) return false;
      throw error;
    }
  }

  async write(statements: readonly string[], insert?: RemoteInsert): Promise<void> {
    const rows = `remote_insert_${++tables}`;
    const run = (sql: string) => `CALL ${KINDS[this.#kind].execute}(${quoteText(this.#name)}, ${quoteText(sql)})`;
    try {
      // The database locks nothing before all rows are here.
      if (insert !== undefined) {
        await this.#kernel.run(`CREATE TABLE ${rows} (${insert.types.map((type, i) => `c${i} ${type}`).join(', ')})`);
        for await (const chunk of insert.rows)
          await this.#kernel.append(
            rows,
            insert.types.map((type, i) => ({ name: `c${i}`, type, values: Array.from(chunk.columns[i]!) })),
            chunk.rows,
          );
      }
      const into =
        insert &&
        `INSERT INTO ${this.#name}.${kernelNames(insert.table)} (${insert.columns.map(kernelNames).join(', ')}) SELECT * FROM ${rows}`;
      // One text is one transaction of one connection: what fails in it has changed nothing. What the kernel knows of the tables is old after a statement.
      const steps = [...statements.map(run), `CALL ${KINDS[this.#kind].forget}()`, ...(into === undefined ? [] : [into])];
      await this.#kernel.run(['BEGIN', ...steps, 'COMMIT'].join('; '));
    } finally {
      if (insert !== undefined) await this.#kernel.run(`DROP TABLE IF EXISTS ${rows}`);
    }
  }
}

/** Names in the database's quotes, in the kernel's. */
const kernelNames = (quoted: string): string => quoted.replace(MYSQL_QUOTED, (name) => quoteName(withoutQuotes(name)));
