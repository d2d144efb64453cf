// A text file as the kernel has written it (UTF-8, lines that end in \n, no compression that it does not know) → what was asked for, in its place.
import { createReadStream, createWriteStream, renameSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createDeflate, createGzip, createZstdCompress } from 'node:zlib';
import { encoderOf } from '../../common/charset.ts';
import { packedHadoop } from '../../platform/codecs/hadoop-blocks.ts';

/** Codecs of text files that the kernel does not write, and its own where it can't write the rest. */
export type TextCodec = 'gzip' | 'zstd' | 'deflate' | 'lz4' | 'snappy';
/** What of a file is still to be done. */
export type FinishText = {
  readonly kind: 'text';
  /** Between lines, and after the last one. */
  readonly lineSep?: string;
  /** How a line's end is told from the same character in a value: a mark before it, or quotes around the value. */
  readonly lineEnds?:
    | { readonly kind: 'marked'; readonly mark: string }
    | { readonly kind: 'quoted'; readonly quote: string; readonly escape: string };
  /** Java's name in lower case. */
  readonly encoding?: string;
  readonly codec?: TextCodec;
};

/** @throws RangeError for a charset that nobody here knows */
export async function finishText(path: string, finish: FinishText): Promise<void> {
  const finished = `${path}.finished`;
  const text = () => encoded(path, finish);
  const to = createWriteStream(finished, { mode: 0o644 });
  switch (finish.codec) {
    case undefined:
      await pipeline(text, to);
      break;
    case 'lz4':
    case 'snappy':
      await pipeline(packedHadoop(text(), finish.codec), to);
      break;
    default:
      await pipeline(text, { gzip: createGzip, zstd: createZstdCompress, deflate: createDeflate }[finish.codec](), to);
  }
  renameSync(finished, path);
}

async function* encoded(path: string, { lineSep, lineEnds, encoding = 'utf-8' }: FinishText): AsyncGenerator<Buffer> {
  const encode = encoderOf(encoding);
  if (lineSep === undefined && /^utf-?8$/.test(encoding)) return yield* createReadStream(path) as AsyncIterable<Buffer>;
  const separate = lineSep === undefined || lineEnds === undefined ? (text: string) => text : separator(lineSep, lineEnds);
  for await (const text of createReadStream(path, 'utf8')) {
    const bytes = encode(separate(text as string));
    if (bytes.length > 0) yield bytes;
  }
}

/** What a piece of the text becomes; pieces come in their order. */
function separator(lineSep: string, ends: NonNullable<FinishText['lineEnds']>): (text: string) => string {
  if (ends.kind === 'marked') {
    let kept = '';
    return (text) => {
      const all = kept + text;
      kept = all.endsWith(ends.mark) ? ends.mark : '';
      return all.slice(0, all.length - kept.length).replaceAll(`${ends.mark}\n`, lineSep);
    };
  }
  const { quote, escape } = ends;
  let [isQuoted, isEscaped] = [false, false];
  return (text) => {
    let out = '';
    let from = 0;
    for (let i = 0; i < text.length; i++) {
      const c = text[i]!;
      if (isEscaped) isEscaped = false;
      else if (isQuoted && c === escape && escape !== quote) isEscaped = true;
      else if (quote !== '' && c === quote) isQuoted = !isQuoted;
      else if (c === '\n' && !isQuoted) {
        out += text.slice(from, i) + lineSep;
        from = i + 1;
      }
    }
    return out + text.slice(from);
  };
}
