"""Files of Arrow's IPC format as pyarrow writes them, for test/unit/runtime/sql/sources/arrow-files.test.ts: 40 rows of all types that Spark has an
equal of, in batches of 15 with an empty one between, as a file and as a stream, packed and not. Run with a Python that has pyarrow; argument: the folder."""
import datetime as dt
import decimal
import sys

import pyarrow as pa
import pyarrow.ipc as ipc

rows = range(40)


def some(value):
    return [None if i % 7 == 3 else value(i) for i in rows]


table = pa.table({
    'i8': pa.array(some(lambda i: i % 100), pa.int8()),
    'i64': pa.array([i * 10**10 for i in rows], pa.int64()),
    'u8': pa.array([i * 6 for i in rows], pa.uint8()),
    'u64': pa.array([2**64 - 1 - i for i in rows], pa.uint64()),
    'f16': pa.array([i / 2 for i in rows], pa.float16()),
    'f32': pa.array(some(lambda i: i / 2), pa.float32()),
    'b': pa.array(some(lambda i: i % 2 == 0)),
    's': pa.array(some(lambda i: f'ä{i}')),
    'large': pa.array(some(lambda i: f'large {i}'), pa.large_string()),
    'view': pa.array(some(lambda i: 'v' * i), pa.string_view()),
    'bin': pa.array(some(lambda i: bytes([0, 255, i])), pa.binary()),
    'fixed': pa.array([b'abc' for _ in rows], pa.binary(3)),
    'dec': pa.array(some(lambda i: decimal.Decimal(i * 7 - 50).scaleb(-2)), pa.decimal128(12, 2)),
    'd32': pa.array(some(lambda i: dt.date(1969, 12, 25) + dt.timedelta(days=i))),
    'd64': pa.array([dt.date(1969, 12, 25) + dt.timedelta(days=i) for i in rows], pa.date64()),
    't_s': pa.array([dt.time(1, 2, i) for i in rows], pa.time32('s')),
    't_ns': pa.array([i * 1000 for i in rows], pa.time64('ns')),
    'ts_s': pa.array([1_700_000_000 + i for i in rows], pa.timestamp('s')),
    'ts_ms': pa.array([i - 1500 for i in rows], pa.timestamp('ms')),
    'ts_ns': pa.array(some(lambda i: 1_700_000_000_123_456_789 + i * 1000), pa.timestamp('ns')),
    'tz_us': pa.array(some(lambda i: 1_700_000_000_123_456 + i), pa.timestamp('us', 'Europe/Berlin')),
    'dur': pa.array([i * 1000 for i in rows], pa.duration('ms')),
    'dict': pa.array(some(lambda i: ['a', 'bb', 'ccc'][i % 3])).dictionary_encode(),
    'list': pa.array(some(lambda i: [i, None, i + 1][:i % 4]), pa.list_(pa.int32())),
    'llist': pa.array([['x'] * (i % 3) for i in rows], pa.large_list(pa.string())),
    'flist': pa.array(some(lambda i: [i, i + 1]), pa.list_(pa.float64(), 2)),
    'st': pa.array(some(lambda i: {'a': i, 'b': {'c': f'z{i}'}}), pa.struct([('a', pa.int32()), ('b', pa.struct([('c', pa.string())]))])),
    'm': pa.array(some(lambda i: [('k', i), ('j', None)]), pa.map_(pa.string(), pa.int64())),
    'nothing': pa.nulls(len(rows)),
})
for form, opened in (('file', ipc.new_file), ('stream', ipc.new_stream)):
    for codec in (None, 'lz4', 'zstd'):
        with opened(f'{sys.argv[1]}/{form}-{codec or "plain"}.arrow', table.schema, options=ipc.IpcWriteOptions(compression=codec)) as to:
            to.write_table(table.slice(0, 15))
            to.write_batch(table.to_batches()[0].slice(0, 0))
            to.write_table(table.slice(15), max_chunksize=15)
with ipc.new_file(f'{sys.argv[1]}/no-rows.arrow', table.schema):
    pass
