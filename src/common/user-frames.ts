// Which lines of a stack are the program's: those of files outside of the engine's folder.
const FRAME = /(?:\(|at (?:async )?)((?:file:\/\/|\/)[^()]*?):(\d+):\d+\)?$/;

export type UserFrame = { readonly file: string; readonly line: string; readonly text: string };

/** @param engineDir folder of the engine's own files, ends with `/`. @param stack with the sentence above its frames */
export function* framesOfUser(stack: string | undefined, engineDir: string): Generator<UserFrame> {
  for (const text of (stack ?? '').split('\n').slice(1)) {
    const frame = FRAME.exec(text);
    if (frame === null) continue;
    const file = frame[1]!.startsWith('file://') ? decodeURIComponent(frame[1]!.slice('file://'.length)) : frame[1]!;
    if (!file.startsWith(engineDir)) yield { file, line: frame[2]!, text };
  }
}

/** The frames of a stack that are the user's, as text. */
export const userFrames = (at: Error, engineDir: string): string =>
  Array.from(framesOfUser(at.stack, engineDir), ({ text }) => text).join('\n');
