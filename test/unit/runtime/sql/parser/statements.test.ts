import { describe, expect, it } from 'vitest';
import type { Command } from '../../../../../src/runtime/sql/plan/commands.ts';
import { parseMultipartIdentifier, parseStatement, parseTableIdentifier } from '../../../../../src/runtime/sql/parser/parse.ts';

function command(text: string): Command {
  const made = parseStatement(text);
  if (made.tag !== 'command') throw new Error(`${text} is a query`);
  return made.command;
}

const t = ['t'];

describe('tables and views', () => {
  it('CREATE TABLE has columns, clauses in any order, a query', () => {
    expect(
      command(
        "create table if not exists db.t (id bigint not null comment 'key', v string default 'x', primary key (id)) using parquet partitioned by (v) options (a.b = 1, 'c' 'd') tblproperties ('k' = true) location '/x' comment 'c'",
      ),
    ).toMatchObject({
      kind: 'createTable',
      table: ['db', 't'],
      mode: 'ifNotExists',
      definition: {
        columns: [
          { name: ['id'], dataType: { tag: 'long' }, nullable: false, comment: 'key' },
          { name: ['v'], dataType: { tag: 'string' }, nullable: true, defaultExpression: "'x'" },
        ],
        constraints: [{ kind: 'primaryKey', columns: ['id'] }],
        provider: ['parquet'],
        partitioning: [{ name: ['v'] }],
        options: { 'a.b': '1', c: 'd' },
        properties: { k: 'true' },
        location: '/x',
        comment: 'c',
      },
    });
    expect(command('create or replace table t using csv as select 1')).toMatchObject({
      mode: 'createOrReplace',
      definition: { query: { kind: 'project' } },
    });
    expect(command('create table t (a int) clustered by (a) sorted by (a desc) into 4 buckets stored as orc')).toMatchObject({
      definition: { bucket: { columns: ['a'], sorted: ['a'], count: 4 }, serde: { format: 'orc' } },
    });
    expect(command('create table t like u using parquet')).toMatchObject({ kind: 'createTableLike', source: ['u'] });
    expect(command('create table t (a int) partitioned by (bucket(4, a), days(b))')).toMatchObject({
      definition: { partitioning: [{ transform: 'bucket' }, { transform: 'days' }] },
    });
  });

  it('CREATE VIEW keeps the query as text too', () => {
    expect(command("create or replace view v (a comment 'x', b) as select 1, 2 -- two")).toMatchObject({
      kind: 'createView',
      view: ['v'],
      definition: { columns: [{ name: 'a', comment: 'x' }, { name: 'b' }], scope: 'persistent', replace: true, queryText: 'select 1, 2' },
    });
    expect(command('create global temp view v as table t')).toMatchObject({ definition: { scope: 'globalTemporary' } });
    expect(command("create temporary view v (a int) using csv options (path '/x')")).toMatchObject({
      kind: 'createTempViewUsing',
      schema: 'a INT',
      provider: ['csv'],
      options: { path: '/x' },
    });
  });

  it.each<[string, object]>([
    ['drop table if exists t purge', { kind: 'drop', what: 'table', name: t, ifExists: true, purge: true }],
    ['drop view v', { what: 'view', ifExists: false }],
    ['drop database d cascade', { what: 'namespace', cascade: true }],
    ['drop temporary variable x', { what: 'variable', isTemporary: true }],
    ['alter table t add columns (a int first, b.c string)', { kind: 'addColumns', columns: [{ position: 'first' }, { name: ['b', 'c'] }] }],
    ['alter table t rename column a to b', { kind: 'renameColumn', column: ['a'], newName: 'b' }],
    ['alter table t drop column if exists a, b', { kind: 'dropColumns', columns: [['a'], ['b']], ifExists: true }],
    [
      'alter table t alter column a type bigint, b drop not null',
      { kind: 'alterColumns', changes: [{ dataType: { tag: 'long' } }, { nullable: true }] },
    ],
    ["alter table t change column a a2 int comment 'x' after b", { changes: [{ newName: 'a2', comment: 'x', position: { after: 'b' } }] }],
    ["alter table t add if not exists partition (d = '1') location '/p' partition (d = '2')", { kind: 'addPartitions', ifNotExists: true }],
    ['alter table t drop partition (d = 1), partition (d = 2) purge', { kind: 'dropPartitions', purge: true }],
    ['alter view v as select 1', { kind: 'alterViewAs', queryText: 'select 1' }],
    ["alter table t set tblproperties ('a' = 'b')", { kind: 'setTableProperties', properties: { a: 'b' } }],
    [
      "create database if not exists d comment 'c' location '/l' with dbproperties (a = 'b')",
      { kind: 'createNamespace', properties: { comment: 'c', location: '/l', a: 'b' } },
    ],
    [
      "create temporary function f as 'x.Y' using jar '/a.jar'",
      { kind: 'createFunction', className: 'x.Y', resources: [{ type: 'jar', uri: '/a.jar' }] },
    ],
    ['create function f(x int) returns int return x + 1', { kind: 'createUserDefinedFunction', parameters: 'x int', returns: 'int' }],
  ])('%s', (text, expected) => expect(command(text)).toMatchObject(expected));
});

describe('data', () => {
  it.each<[string, object]>([
    ['insert into t select 1', { kind: 'insertInto', table: t, isOverwrite: false, columns: [] }],
    [
      'insert overwrite table t partition (a = 1, b) if not exists (c, d) values (1, 2)',
      { isOverwrite: true, columns: ['c', 'd'], ifPartitionNotExists: true, partition: { b: null } },
    ],
    ['insert into t by name select 1 as a', { byName: true }],
    ['insert into t replace where a > 1 select 1', { replaceWhere: { functionName: '>' } }],
    [
      "insert overwrite local directory '/x' using csv options (header true) select 1",
      { kind: 'insertDirectory', isLocal: true, path: '/x', provider: 'csv', options: { header: 'true' } },
    ],
    ['from s insert into t select a insert into u select b', { kind: 'multiInsert', inserts: [{ table: t }, { table: ['u'] }] }],
    ['with c as (select 1) insert into t select * from c', { kind: 'withCteCommand', command: { kind: 'insertInto' } }],
    ['update t x set a = 1, b = default where c', { kind: 'update', assignments: [{ key: { nameParts: ['a'] } }, {}] }],
    ['delete from t where a is null', { kind: 'deleteFrom', condition: { functionName: 'isnull' } }],
    [
      'merge into t using (select 1 as k) s on t.k = s.k when matched and s.d then delete when matched then update set * when not matched then insert (k) values (s.k) when not matched by source then update set v = 0',
      {
        kind: 'mergeInto',
        matched: [{ actionType: 'delete' }, { actionType: 'updateStar' }],
        notMatched: [{ actionType: 'insert' }],
        notMatchedBySource: [{ actionType: 'update' }],
      },
    ],
    ["load data local inpath '/x' overwrite into table t", { kind: 'loadData', isLocal: true, isOverwrite: true }],
    ['truncate table t partition (a = 1)', { kind: 'truncateTable' }],
  ])('%s', (text, expected) => expect(command(text)).toMatchObject(expected));
});

describe('session and catalogue', () => {
  it.each<[string, object]>([
    ['set spark.sql.shuffle.partitions = 8', { kind: 'setConfiguration', key: 'spark.sql.shuffle.partitions', value: '8' }],
    ['set a.b=c d /*e*/;', { key: 'a.b', value: 'c d /*e*/' }],
    ['set `x y` = `1`', { key: 'x y', value: '1' }],
    ['set', { kind: 'setConfiguration' }],
    ['reset a.b', { kind: 'resetConfiguration', key: 'a.b' }],
    ["set time zone 'Europe/Berlin'", { kind: 'setTimeZone', zone: 'Europe/Berlin' }],
    ["set time zone interval '-05:30' hour to minute", { zone: '-05:30' }],
    ['set var (a, b) = (select 1, 2)', { kind: 'setVariable', variables: [['a'], ['b']] }],
    ['declare or replace x int default 5', { kind: 'createVariable', variables: [['x']], dataType: 'int', replace: true }],
    ["execute immediate 'select ?' into a using 1", { kind: 'executeImmediate', into: [['a']] }],
    ['use database d', { kind: 'use', name: ['d'], isNamespace: true }],
    ["show tables in d like 'a*'", { kind: 'showTables', namespace: ['d'], pattern: 'a*' }],
    ['show system functions', { kind: 'showFunctions', scope: 'system' }],
    ['show create table t', { kind: 'showCreateTable', asSerde: false }],
    ['describe extended t a.b', { kind: 'describeTable', isExtended: true, column: ['a', 'b'] }],
    ['desc function extended abs', { kind: 'describeFunction', function: ['abs'], isExtended: true }],
    ['describe query select 1', { kind: 'describeQuery', queryText: 'select 1' }],
    ['explain formatted select 1', { kind: 'explain', mode: 'formatted', of: { tag: 'relation' } }],
    ['explain drop table t', { mode: 'simple', of: { tag: 'command', command: { kind: 'drop' } } }],
    [
      "cache lazy table t options ('storageLevel' 'DISK_ONLY') as select 1",
      { kind: 'cacheTable', isLazy: true, options: { storageLevel: 'DISK_ONLY' } },
    ],
    ['uncache table if exists t', { kind: 'uncacheTable', ifExists: true }],
    ['refresh table t', { kind: 'refresh', what: 'table' }],
    ['refresh /data/x', { kind: 'refreshResource', path: '/data/x' }],
    ['analyze table t compute statistics for columns a, b', { kind: 'analyzeTable', columns: ['a', 'b'] }],
    ['analyze table t compute statistics noscan', { noScan: true }],
    ['msck repair table t sync partitions', { kind: 'repairTable', option: 'sync' }],
    ["comment on table t is 'x'", { kind: 'comment', comment: 'x' }],
    ['add jar /a b.jar', { kind: 'manageResource', what: 'jar', text: '/a b.jar' }],
    ["drop table identifier('a.b')", { name: ['a', 'b'] }],
    ["drop table identifier('a' || :x)", { name: { kind: 'relationByExpression' } }],
  ])('%s', (text, expected) => expect(command(text)).toMatchObject(expected));
});

describe('scripts', () => {
  it('have declarations, branches, loops, handlers and statements', () => {
    const made = parseStatement(`
      begin
        declare total int default 0;
        declare bad condition for sqlstate '45000';
        declare exit handler for bad, sqlexception begin set total = -1; end;
        outer_loop: while total < 10 do
          set total = total + 1;
          if total = 5 then leave outer_loop; elseif total = 6 then iterate outer_loop; else select total; end if;
        end while outer_loop;
        for r as select id from t do insert into u values (r.id); end for;
        case total when 1 then select 'one'; else select 'many'; end case;
        repeat set (total) = (select 11); until total > 10 end repeat;
        declare c cursor for select 1;
        open c; fetch next from c into total; close c;
      end`);
    expect(made.tag === 'script' && made.script.body.map((s) => s.kind)).toEqual([
      'single',
      'declareCondition',
      'declareHandler',
      'while',
      'for',
      'case',
      'repeat',
      'declareCursor',
      'openCursor',
      'fetchCursor',
      'closeCursor',
    ]);
    expect(made).toMatchObject({
      script: {
        body: { 3: { label: 'outer_loop', body: [{ kind: 'set' }, { kind: 'ifElse', branches: [{}, {}] }] }, 4: { variable: 'r' } },
      },
    });
  });

  it('need a semicolon after every statement', () => {
    expect(() => parseStatement('begin select 1; select 2 end')).toThrow('PARSE_SYNTAX_ERROR');
    expect(() => parseStatement('begin while true do select 1; end')).toThrow("'end of input'".slice(1, -1));
  });
});

describe('names alone', () => {
  it('are read in parts', () => {
    expect(parseTableIdentifier('d.`t 1`')).toEqual({ database: 'd', table: 't 1' });
    expect(parseMultipartIdentifier('a.b.select')).toEqual(['a', 'b', 'select']);
    expect(() => parseTableIdentifier('a.b.c')).toThrow('PARSE_SYNTAX_ERROR');
  });
});
