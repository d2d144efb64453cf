// Arrow's IPC format by the package apache-arrow, batch by batch; what is packed in LZ4 or ZSTD is unpacked by Node and by codecs/blocks.ts.
// Port: common/arrow-files.ts. Values: arrow.ts.
import type { FileHandle } from 'node:fs/promises';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type * as Arrow from 'apache-arrow';
import type { ArrowField, ArrowRows, ArrowType } from '../common/arrow-column.ts';
import type { ArrowBytes, ArrowCodec, ArrowFiles, OpenedArrow } from '../common/arrow-files.ts';
import type { KernelColumn } from '../common/sql-kernel.ts';
import { packLz4Frame, unpackLz4Frame } from './codecs/blocks.ts';
import { arrayOf, batchOf, loadArrow, plainField, schemaOf, valuesOf } from './arrow.ts';

let files: Promise<ArrowFiles> | undefined;
export const loadArrowFiles = (): Promise<ArrowFiles> => (files ??= load());

async function load(): Promise<ArrowFiles> {
  const arrow = await loadArrow();
  const { compressionRegistry, CompressionType } = arrow;
  compressionRegistry.set(CompressionType.ZSTD, {
    encode: (bytes) => zstdCompressSync(bytes),
    decode: (bytes) => zstdDecompressSync(bytes),
  });
  compressionRegistry.set(CompressionType.LZ4_FRAME, {
    encode: (bytes) => packLz4Frame(asBuffer(bytes)),
    decode: (bytes) => unpackLz4Frame(asBuffer(bytes)),
  });
  return {
    open: (bytes) => openBytes(arrow, bytes),
    write: (fields, rows, codec) => written(arrow, fields, rows, codec),
  };
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

async function openBytes(arrow: typeof Arrow, bytes: ArrowBytes): Promise<OpenedArrow> {
  const close = () => bytes.close();
  try {
    const reader = await arrow.RecordBatchReader.from(handleOf(bytes));
    await reader.open({ autoDestroy: false });
    if (reader.schema === undefined) throw new Error('there is no schema in it');
    const fields = reader.schema.fields.map(plainField);
    return { fields, batches: (columns) => batchesOf(arrow, reader, fields, columns), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** As the package takes it: it tells a file from a stream by the first bytes. */
function handleOf({ size, read }: ArrowBytes): FileHandle {
  const handle = {
    fd: -1,
    stat: async () => ({ size }),
    async read(buffer: Uint8Array, offset: number, length: number, position: number) {
      const bytesRead = await read(buffer, offset, length, position);
      if (bytesRead === 0 && length > 0) throw new Error('it ends too early');
      return { bytesRead, buffer };
    },
    close: async () => {},
  };
  return handle as unknown as FileHandle;
}

async function* batchesOf(
  arrow: typeof Arrow,
  reader: Arrow.RecordBatchReader,
  fields: readonly ArrowField[],
  wanted: readonly number[],
): AsyncGenerator<ArrowRows> {
  for await (const batch of reader as AsyncIterable<Arrow.RecordBatch>) {
    if (batch.numRows === 0) continue;
    const columns = wanted.map((c) => columnOf(arrow, batch.data.children[c]!, fields[c]!.type));
    yield { rows: batch.numRows, columns };
  }
}

/** As valuesOf, a buffer as it is where that is the same. */
function columnOf(arrow: typeof Arrow, data: Arrow.Data, of: ArrowType): KernelColumn {
  const { type, values } = data as { type: Arrow.DataType; values: unknown };
  const isSame =
    (of.kind === 'int' && arrow.DataType.isInt(type) && type.isSigned) || (of.kind === 'float' && arrow.DataType.isFloat(type));
  const isWhole = isSame && data.nullCount === 0 && values instanceof arrayOf(of) && !(values instanceof Uint16Array);
  return isWhole ? (values as unknown as Numbers).subarray(0, data.length) : valuesOf(data, of);
}
type Numbers = KernelColumn & { subarray(from: number, to: number): KernelColumn };

async function* written(
  arrow: typeof Arrow,
  fields: readonly ArrowField[],
  rows: AsyncIterable<ArrowRows>,
  codec: ArrowCodec | undefined,
): AsyncGenerator<Uint8Array> {
  const types = { lz4: arrow.CompressionType.LZ4_FRAME, zstd: arrow.CompressionType.ZSTD };
  const writer = new (fileWriter(arrow))({ compressionType: codec === undefined ? null : types[codec] });
  const schema = schemaOf(fields);
  writer.reset(undefined, schema);
  const pieces = writer[Symbol.asyncIterator]();
  const wrote = (async () => {
    for await (const some of rows) if (some.rows > 0) writer.write(batchOf(schema, fields, some));
    writer.finish();
  })();
  wrote.catch((error: Error) => writer.abort(error));
  for (let piece = await pieces.next(); piece.done !== true; piece = await pieces.next()) yield piece.value;
  await wrote;
}

/** The package's, with two of its faults mended (21.2.0). */
function fileWriter(arrow: typeof Arrow) {
  return class extends arrow.RecordBatchFileWriter {
    /** It leaves the schema to the index at the end; the format wants a whole stream before that. */
    protected override _writeSchema(schema: Arrow.Schema) {
      super._writeSchema(schema);
      return arrow.RecordBatchWriter.prototype['_writeSchema'].call(this, schema) as this;
    }

    /** It says how long a packed buffer is; the format wants to know how long it was. -1: it is not packed. */
    protected override _compressBodyBuffers(buffers: ArrayBufferView[]) {
      const packed = super._compressBodyBuffers(buffers);
      for (const [i, { byteLength }] of buffers.entries()) {
        const length = packed.buffers[2 * i]!;
        if (length.byteLength === 0) continue;
        const view = new DataView(length.buffer, length.byteOffset);
        if (view.getBigInt64(0, true) >= 0n) view.setBigInt64(0, BigInt(byteLength), true);
      }
      return packed;
    }
  };
}
