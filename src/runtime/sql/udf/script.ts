// The process of SELECT TRANSFORM … USING 'script': a shell in the task's working folder that reads a task's rows as lines and writes others. Lines are
// given as fast as it takes them, so a script may write while it reads. Source: BaseScriptTransformationExec, SparkScriptTransformationExec of Spark 4.2.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';

/** The body of a function of this kind. */
export type Script = { readonly script: string };

/** Of what it writes to stderr so much is told. */
const MOST_TOLD = 2048;
/** Lines that are written at once. */
const LINES_AT_ONCE = 1024;

/** @returns the lines that it wrote; none without lines to give: then no process is started. Rejects when it ends with another status than 0 */
export function scriptOf(command: string): (lines: unknown) => Promise<readonly string[]> {
  return async (lines) => {
    const given = lines as readonly string[] | null;
    if (given === null || given.length === 0) return [];
    const child = spawn('/bin/bash', ['-c', command], { stdio: ['pipe', 'pipe', 'pipe'] });
    const ended = once(child, 'close') as Promise<[code: number | null, signal: string | null]>;
    child.stdin.on('error', () => {}); // it may end without having read all
    Readable.from(blocks(given)).pipe(child.stdin);
    const written: Buffer[] = [];
    let told = '';
    child.stdout.on('data', (piece: Buffer) => written.push(piece));
    child.stderr.setEncoding('utf8').on('data', (piece: string) => {
      told = `${told}${piece}`.slice(-MOST_TOLD);
    });
    const [code, signal] = await ended;
    if (code !== 0) throw new Error(`Subprocess exited with status ${code ?? signal}. Error: ${told.trim()}`);
    const text = Buffer.concat(written).toString('utf8');
    return text === '' ? [] : (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
  };
}

function* blocks(lines: readonly string[]): Generator<string> {
  for (let i = 0; i < lines.length; i += LINES_AT_ONCE) yield `${lines.slice(i, i + LINES_AT_ONCE).join('\n')}\n`;
}
