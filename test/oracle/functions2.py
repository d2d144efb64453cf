# Asks a real Spark about every query of test/fixtures/sql/functions2/*.sql and writes its answers to test/fixtures/sql/functions2.json.
# Run with an interpreter that has pyspark 4 (Java 17): `TZ=UTC python test/oracle/functions2.py`. The vitest beside it compares value by value.
# An answer is columns, types, nullability and rows, or the condition of the error. Values: whole numbers of 64 bits and decimals as text, dates as
# days, timestamps and day-time intervals as text of microseconds, maps as pairs, structs as lists, bytes as hexadecimal text, NaN by name.
import datetime, decimal, json, math, os, sys
os.environ['TZ'] = 'UTC'
from pyspark.sql import SparkSession
from pyspark.sql.types import *

here = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'fixtures', 'sql')
EPOCH = datetime.datetime(1970, 1, 1)

def value(v, t):
    if v is None: return None
    if isinstance(t, (LongType, DecimalType)): return format(v, 'f') if isinstance(v, decimal.Decimal) else str(v)
    if isinstance(t, (DoubleType, FloatType)):
        if math.isnan(v): return 'NaN'
        if math.isinf(v): return 'Infinity' if v > 0 else '-Infinity'
        return v
    if isinstance(t, DateType): return (v - EPOCH.date()).days
    if isinstance(t, (TimestampType, TimestampNTZType)):
        d = v - EPOCH
        return str((d.days * 86400 + d.seconds) * 1000000 + d.microseconds)
    if isinstance(t, DayTimeIntervalType): return str((v.days * 86400 + v.seconds) * 1000000 + v.microseconds)
    if isinstance(t, ArrayType): return [value(x, t.elementType) for x in v]
    if isinstance(t, MapType): return [[value(k, t.keyType), value(x, t.valueType)] for k, x in v.items()]
    if isinstance(t, StructType): return [value(x, f.dataType) for x, f in zip(v, t.fields)]
    if isinstance(t, BinaryType): return bytes(v).hex()
    return v

spark = (SparkSession.builder.master('local[1]').config('spark.ui.enabled', 'false').config('spark.sql.session.timeZone', 'America/Los_Angeles')
         .config('spark.sql.shuffle.partitions', '1').getOrCreate())
spark.sparkContext.setLogLevel('OFF')
answers = []
for name in sorted(os.listdir(os.path.join(here, 'functions2'))):
    topic = name.removesuffix('.sql')
    for line in open(os.path.join(here, 'functions2', name), encoding='utf-8'):
        sql = line.rstrip('\n')
        if sql == '' or sql.startswith('--'): continue
        try:
            df = spark.sql(sql)
            fields = df.schema.fields
            rows = [[value(v, f.dataType) for v, f in zip(row, fields)] for row in df.collect()]
            answers.append({'topic': topic, 'sql': sql, 'columns': [f.name for f in fields], 'types': [f.dataType.simpleString() for f in fields],
                            'nullable': [f.nullable for f in fields], 'rows': rows})
        except Exception as e:
            condition = getattr(e, 'getCondition', lambda: None)() if hasattr(e, 'getCondition') else None
            if condition is None and hasattr(e, 'getErrorClass'): condition = e.getErrorClass()
            text = str(e)
            if condition is None:
                import re
                found = re.search(r'\[([A-Z0-9_]+(\.[A-Z0-9_]+)*)\]', text)
                condition = found.group(1) if found else None
            if condition is None: print('not asked:', sql, text[:300], file=sys.stderr); continue
            answers.append({'topic': topic, 'sql': sql, 'error': condition, 'message': text.split('\n\nJVM')[0].split('\n== SQL')[0].split(';\n')[0].strip()[:400]})
out = os.path.join(here, 'functions2.json')
with open(out, 'w', encoding='utf-8') as f:
    f.write('[\n' + ',\n'.join(json.dumps(a, ensure_ascii=False) for a in answers) + '\n]\n')
print(len(answers), 'answers')
