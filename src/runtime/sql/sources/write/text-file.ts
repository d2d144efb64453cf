// How text files are written beside their lines: compression, charset, ends of lines. What the kernel does not do is done to its files afterwards
// (rdd/finish-text.ts). Source: CompressionCodecs, CSVOptions, JSONOptions of Spark 4.2.
import { encoderOf } from '../../../../common/charset.ts';
import type { FinishText, TextCodec } from '../../../rdd/finish-text.ts';
import { AnalysisException } from '../../errors/spark-error.ts';
import type { SourceOptions } from '../options.ts';
import { encodingOf } from '../plain-lines.ts';

/** A character that no text has. */
export const END_MARK = '\u{10FFFE}';

/** Without a codec: none. */
const CODECS: Readonly<Record<string, readonly [codec: TextCodec | undefined, extension: string]>> = {
  none: [undefined, ''],
  uncompressed: [undefined, ''],
  gzip: ['gzip', '.gz'],
  zstd: ['zstd', '.zst'],
  deflate: ['deflate', '.deflate'],
  lz4: ['lz4', '.lz4'],
  snappy: ['snappy', '.snappy'],
};
const OF_THE_KERNEL: readonly (TextCodec | undefined)[] = [undefined, 'gzip', 'zstd'];

/** `copy`: of the kernel's COPY; `extension` of the compression, '' for none. @throws AnalysisException CODEC_NOT_AVAILABLE, INVALID_SOURCE_OPTION */
export function textFile(
  options: SourceOptions,
  lineEnds: NonNullable<FinishText['lineEnds']>,
): { readonly copy: string; readonly finish?: FinishText; readonly extension: string } {
  const [codec, extension] = codecOf(options);
  const lineSep = options.get('lineSep') === '\n' ? undefined : options.get('lineSep');
  if (lineSep === '')
    throw new AnalysisException('INVALID_SOURCE_OPTION', { option: 'lineSep', value: "''", expected: 'one character or more' });
  const encoding = encodingOf(options);
  checkEncoding(encoding);
  const isUtf8 = /^utf-?8$/.test(encoding);
  if (lineSep === undefined && isUtf8 && OF_THE_KERNEL.includes(codec)) return { copy: `COMPRESSION ${codec ?? 'none'}`, extension };
  const finish: FinishText = {
    kind: 'text',
    ...(lineSep !== undefined && { lineSep, lineEnds }),
    ...(!isUtf8 && { encoding }),
    ...(codec !== undefined && { codec }),
  };
  return { copy: 'COMPRESSION none', finish, extension };
}

/** By its short name or that of Hadoop's class. */
function codecOf(options: SourceOptions): readonly [TextCodec | undefined, string] {
  const given = options.get('compression') ?? options.text('codec', 'none');
  const name = given.toLowerCase().replace(/^org\.apache\.hadoop\.io\.compress\.(\w+)codec$/, '$1');
  if (name === 'bzip2') throw new AnalysisException('NOT_BUILT', { feature: 'Writing text that is compressed as bzip2 (it is read)' });
  return CODECS[name === 'default' ? 'deflate' : name === 'zstandard' ? 'zstd' : name] ?? unknown(given);
}

const unknown = (name: string): never => {
  throw unknownCodec(name, Object.keys(CODECS));
};

export const unknownCodec = (name: string, known: readonly string[]): AnalysisException =>
  new AnalysisException('CODEC_NOT_AVAILABLE.WITH_AVAILABLE_CODECS_SUGGESTION', { codecName: name, availableCodecs: known.join(', ') });

function checkEncoding(encoding: string): void {
  try {
    encoderOf(encoding);
  } catch (cause) {
    const error = new AnalysisException('INVALID_SOURCE_OPTION', {
      option: 'encoding',
      value: encoding,
      expected: 'the name of a charset',
    });
    error.cause = cause;
    throw error;
  }
}
