// Where in the user's files an error was thrown: the first frame of its stack that is the program's own. Node.js strips TypeScript in place, so lines
// are the user's already; a file that a compiler made is looked up in its source map.
import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

type Frame = { readonly name: string; readonly file: string; readonly line: number; readonly column: number };

/** Frames of Node.js, of the kernel, and of the engine: its sources here, its bundles in an installation. */
const NOT_THE_USERS =
  /^node:|[\\/]node_modules[\\/]@duckdb[\\/]|[\\/]src[\\/](runtime|platform|common)[\\/]|[\\/]dist[\\/][\w-]+(\.main)?\.cjs$/;

/** @returns `parse (/app/job.ts:12:9)` as in a stack; undefined when the stack has no frame of the program */
export function placeOfError({ stack }: Error): string | undefined {
  if (typeof stack !== 'string') return undefined;
  const frames = stack
    .split('\n')
    .map(frameOf)
    .filter((f) => f !== undefined && !NOT_THE_USERS.test(f.file)) as Frame[];
  // What a package threw is blamed on the line that called it.
  const frame = frames.find((f) => !/[\\/]node_modules[\\/]/.test(f.file)) ?? frames[0];
  if (frame === undefined) return undefined;
  const { file, line, column } = mapped(frame);
  const place = `${file}:${line}:${column}`;
  return frame.name === '' ? place : `${frame.name} (${place})`;
}

function frameOf(text: string): Frame | undefined {
  const m = /^\s*at (?:(.*?) \()?(?:async )?((?:file:\/\/|[\\/]|[A-Za-z]:[\\/]|node:)[^()]*?):(\d+):(\d+)\)?$/.exec(text);
  if (m === null) return undefined;
  const file = m[2]!.startsWith('file://') ? fileURLToPath(m[2]!) : m[2]!;
  return { name: m[1] ?? '', file, line: Number(m[3]), column: Number(m[4]) };
}

const maps = new Map<string, SourceMap | undefined>();

/** By the file's own map; the frame as it is when there is none, or it is not on this machine. */
function mapped(frame: Frame): Frame {
  if (!/\.[cm]?js$/.test(frame.file)) return frame;
  if (!maps.has(frame.file)) maps.set(frame.file, sourceMapOf(frame.file));
  const entry = maps.get(frame.file)?.findEntry(frame.line - 1, frame.column - 1);
  if (entry === undefined || !('originalSource' in entry)) return frame;
  const source = entry.originalSource;
  const file = source.startsWith('file://') ? fileURLToPath(source) : path.resolve(path.dirname(frame.file), source);
  return { ...frame, file, line: entry.originalLine + 1, column: entry.originalColumn + 1 };
}

function sourceMapOf(file: string): SourceMap | undefined {
  try {
    const url = [...readFileSync(file, 'utf8').matchAll(/^\/\/[#@] sourceMappingURL=(\S+)\s*$/gm)].at(-1)?.[1];
    if (url === undefined) return undefined;
    const inline = /^data:[^,]*?(;base64)?,(.*)$/s.exec(url);
    const text =
      inline === null
        ? readFileSync(path.resolve(path.dirname(file), decodeURIComponent(url)), 'utf8')
        : inline[1] === undefined
          ? decodeURIComponent(inline[2]!)
          : Buffer.from(inline[2]!, 'base64').toString('utf8');
    return new SourceMap(JSON.parse(text) as SourceMapPayload);
  } catch {
    return undefined; // no map, or none that can be read: the line of the file that ran
  }
}
