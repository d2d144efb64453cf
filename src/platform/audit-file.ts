// The audit log as a file: what one turn of the event loop wrote is one write; a file that has grown enough is set aside as .1, .2, ….
// A disk that is full loses lines, not the daemon: that is said once, and once more when it is over.
import { closeSync, fstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import type { AuditSink } from '../common/audit-line.ts';
import type { Logger } from '../common/ports.ts';

export type AuditFileOptions = { readonly path: string; readonly name: string; readonly maxBytes: number; readonly maxFiles: number };

export class AuditFile implements AuditSink {
  readonly #options: AuditFileOptions;
  readonly #logger: Logger;
  #fd: number | undefined;
  #bytes = 0;
  #lines: string[] = [];
  #lost = 0;

  constructor(options: AuditFileOptions, logger: Logger) {
    this.#options = options;
    this.#logger = logger;
  }

  write(line: string): void {
    if (this.#lines.length === 0) setImmediate(() => this.flush());
    this.#lines.push(`${stamp(new Date())} INFO ${this.#options.name}: ${line}\n`);
  }

  flush(): void {
    const lines = this.#lines;
    if (lines.length === 0) return;
    this.#lines = [];
    try {
      this.#append(Buffer.from(lines.join('')));
      if (this.#lost > 0) this.#logger.warn(`The audit log ${this.#options.path} is written again; ${this.#lost} lines are missing`);
      this.#lost = 0;
    } catch (error) {
      if (this.#lost === 0) this.#logger.error(`The audit log ${this.#options.path} can't be written: ${(error as Error).message}`);
      this.#lost += lines.length;
    }
  }

  close(): void {
    this.flush();
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #append(bytes: Buffer): void {
    const { path, maxBytes } = this.#options;
    if (this.#fd !== undefined && this.#bytes > 0 && this.#bytes + bytes.length > maxBytes) this.#rotate();
    if (this.#fd === undefined) {
      this.#fd = openSync(path, 'a', 0o600);
      this.#bytes = fstatSync(this.#fd).size;
      if (this.#bytes > 0 && this.#bytes + bytes.length > maxBytes) {
        this.#rotate();
        this.#fd = openSync(path, 'a', 0o600);
        this.#bytes = 0;
      }
    }
    for (let at = 0; at < bytes.length; ) {
      const written = writeSync(this.#fd, bytes, at);
      at += written;
      this.#bytes += written;
    }
  }

  #rotate(): void {
    const { path, maxFiles } = this.#options;
    closeSync(this.#fd!);
    this.#fd = undefined;
    rmSync(`${path}.${maxFiles}`, { force: true });
    for (let n = maxFiles - 1; n >= 1; n--) move(`${path}.${n}`, `${path}.${n + 1}`);
    if (maxFiles > 0) move(path, `${path}.1`);
    else rmSync(path, { force: true });
  }
}

function move(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** As log4j writes it in YARN's files: `2026-11-29 12:59:50,123`, local time. */
function stamp(at: Date): string {
  const two = (n: number) => String(n).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())},${String(at.getMilliseconds()).padStart(3, '0')}`;
}
