import { describe, expect, it } from 'vitest';
import { parseDataType, parseTableSchema } from '../../../../../src/runtime/sql/parser/parse.ts';
import {
  arrayType,
  BINARY,
  BOOLEAN,
  BYTE,
  CALENDAR_INTERVAL,
  charType,
  type DataType,
  DATE,
  dayTimeIntervalType,
  DOUBLE,
  decimalType,
  FLOAT,
  INTEGER,
  LONG,
  mapType,
  NULL,
  SHORT,
  STRING,
  sameType,
  stringType,
  structField,
  structType,
  TIMESTAMP,
  TIMESTAMP_NTZ,
  timeType,
  VARIANT,
  varcharType,
  yearMonthIntervalType,
} from '../../../../../src/runtime/sql/types/data-type.ts';
import { schemaTree } from '../../../../../src/runtime/sql/types/schema-tree.ts';
import { toDdl } from '../../../../../src/runtime/sql/types/type-ddl.ts';
import { schemaFromJson, typeFromJson, typeToJson } from '../../../../../src/runtime/sql/types/type-json.ts';
import { catalogString, simpleString, sqlType, typeName } from '../../../../../src/runtime/sql/types/type-names.ts';

const orders = structType([
  structField('id', LONG, false),
  structField('paid on', DATE, true, { comment: "the day's date" }),
  structField('lines', arrayType(structType([structField('item', STRING), structField('price', decimalType(12, 2), false)]), false)),
  structField('tags', mapType(STRING, INTEGER, false)),
]);

const every: readonly DataType[] = [
  NULL,
  BOOLEAN,
  BYTE,
  SHORT,
  INTEGER,
  LONG,
  FLOAT,
  DOUBLE,
  decimalType(38, 18),
  STRING,
  charType(3),
  varcharType(70),
  BINARY,
  DATE,
  TIMESTAMP,
  TIMESTAMP_NTZ,
  timeType(3),
  CALENDAR_INTERVAL,
  dayTimeIntervalType(),
  dayTimeIntervalType('hour', 'minute'),
  dayTimeIntervalType('second'),
  yearMonthIntervalType(),
  yearMonthIntervalType('month', 'month'),
  VARIANT,
  arrayType(mapType(STRING, TIMESTAMP_NTZ)),
];

describe('names of types', () => {
  it('are Spark’s: short in messages, long in JSON, upper case in SQL', () => {
    expect(every.map(simpleString)).toEqual([
      'void',
      'boolean',
      'tinyint',
      'smallint',
      'int',
      'bigint',
      'float',
      'double',
      'decimal(38,18)',
      'string',
      'char(3)',
      'varchar(70)',
      'binary',
      'date',
      'timestamp',
      'timestamp_ntz',
      'time(3)',
      'interval',
      'interval day to second',
      'interval hour to minute',
      'interval second',
      'interval year to month',
      'interval month',
      'variant',
      'array<map<string,timestamp_ntz>>',
    ]);
    expect([BYTE, LONG, INTEGER, timeType()].map(typeName)).toEqual(['byte', 'long', 'integer', 'time(6)']);
    expect(sqlType(orders)).toBe(
      "STRUCT<id: BIGINT NOT NULL, `paid on`: DATE COMMENT 'the day\\'s date', lines: ARRAY<STRUCT<item: STRING, price: DECIMAL(12,2) NOT NULL>>, tags: MAP<STRING, INT>>",
    );
    expect(sqlType(stringType('UNICODE_CI'))).toBe('STRING COLLATE UNICODE_CI');
  });

  it('cut wide structs in simpleString only', () => {
    const wide = structType(Array.from({ length: 30 }, (_, i) => structField(`c${i}`, INTEGER)));
    expect(simpleString(wide)).toMatch(/c23:int,\.\.\. 6 more fields>$/);
    expect(catalogString(wide)).toMatch(/c29:int>$/);
  });

  it('are read back by the parser', () => {
    for (const type of every.filter((t) => t.tag !== 'null')) expect(parseDataType(sqlType(type)), sqlType(type)).toEqual(type);
    expect(
      sameType(parseDataType(sqlType(orders)), {
        ...orders,
        fields: orders.fields.map((f) => (f.name === 'lines' || f.name === 'tags' ? { ...f, dataType: loosen(f.dataType) } : f)),
      }),
    ).toBe(true);
  });
});

/** SQL text cannot say that elements are never null. */
function loosen(type: DataType): DataType {
  return type.tag === 'array' ? { ...type, containsNull: true } : type.tag === 'map' ? { ...type, valueContainsNull: true } : type;
}

describe('DDL', () => {
  it('prints a schema and reads it back', () => {
    const schema = structType([
      structField('a', INTEGER, false, { comment: 'x' }),
      structField('b-c', structType([structField('d', STRING)])),
    ]);
    expect(toDdl(schema)).toBe("a INT NOT NULL COMMENT 'x',`b-c` STRUCT<d: STRING>");
    expect(parseTableSchema(toDdl(schema))).toEqual(schema);
    expect(
      parseTableSchema("a int NOT NULL COMMENT 'x', b struct<c: array<bigint>, d string not null>").fields.map((f) => [f.name, f.nullable]),
    ).toEqual([
      ['a', false],
      ['b', true],
    ]);
  });
});

describe('JSON schema', () => {
  it('writes Spark’s text, keys in Spark’s order', () => {
    const schema = structType([
      structField('m', mapType(STRING, arrayType(SHORT, false), false), false, { comment: 'c' }),
      structField('w', stringType('UNICODE')),
    ]);
    expect(typeToJson(schema)).toBe(
      '{"type":"struct","fields":[{"name":"m","type":{"type":"map","keyType":"string","valueType":{"type":"array","elementType":"short","containsNull":false},"valueContainsNull":false},"nullable":false,"metadata":{"comment":"c"}},{"name":"w","type":"string","nullable":true,"metadata":{"__COLLATIONS":{"w":"icu.UNICODE"}}}]}',
    );
    expect(schemaFromJson(typeToJson(schema))).toEqual(schema);
  });

  it('reads what it writes, for every type', () => {
    for (const type of every) expect(typeFromJson(typeToJson(type)), typeToJson(type)).toEqual(type);
    expect(schemaFromJson(typeToJson(orders))).toEqual(orders);
  });

  it('refuses what is no type', () => {
    expect(() => typeFromJson('"money"')).toThrow('"money"');
    expect(() => typeFromJson('{"type":"constructor"}')).toThrow('Not a type');
    expect(() => schemaFromJson('"integer"')).toThrow('Not a schema');
  });
});

describe('printSchema', () => {
  it('draws nested types', () => {
    expect(schemaTree(orders)).toBe(`root
 |-- id: long (nullable = false)
 |-- paid on: date (nullable = true)
 |-- lines: array (nullable = true)
 |    |-- element: struct (containsNull = false)
 |    |    |-- item: string (nullable = true)
 |    |    |-- price: decimal(12,2) (nullable = false)
 |-- tags: map (nullable = true)
 |    |-- key: string
 |    |-- value: integer (valueContainsNull = false)
`);
    expect(schemaTree(orders, 1)).not.toContain('element');
  });
});
