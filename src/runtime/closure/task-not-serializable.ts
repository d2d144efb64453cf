// The one error of this folder that users meet often: something captured can't be sent. It names the transformation's line and the path.
import { types } from 'node:util';
import { fileURLToPath } from 'node:url';
import { originOf } from './driver-runtime.ts';
import { positionOf } from './module-meta.ts';

/** Spark throws `SparkException: Task not serializable`; the code is ours. */
export class TaskNotSerializableError extends Error {
  override readonly name = 'TaskNotSerializableError';
  readonly code = 'TASK_NOT_SERIALIZABLE';
  /** For example ``captured variable `repo` → .db``; '' when the function itself is the obstacle. */
  readonly path: string;

  constructor(message: string, path: string) {
    super(message);
    this.path = path;
  }
}

/** How one value hangs on the one before it. A number is an array index. */
export type Edge = string | number;
export const captures = (name: string): Edge => `captured variable \`${name}\``;
export const imports = (name: string): Edge => `import \`${name}\``;
export const BORROWED_THIS: Edge = '`this`';

const isStep = (edge: string) => /^(captured variable|import) `|^`this`$|^arguments\[/.test(edge);

/** @param chain from the root to the obstacle; each with the edge that leads to it */
export function notSerializable(label: string, chain: readonly { value: unknown; edge: Edge }[], why: string): TaskNotSerializableError {
  let path = '';
  let afterStep = false;
  const lines: string[] = [];
  for (const [depth, { value, edge }] of chain.entries()) {
    const text = typeof edge === 'number' ? `[${edge}]` : edge;
    if (depth === 0) {
      lines.push(`  ${describeValue(value)}`);
      continue;
    }
    const step = isStep(text);
    path += (path !== '' && (step || afterStep) ? ' → ' : '') + text.trimStart();
    afterStep = step;
    lines.push(
      `  ${'  '.repeat(depth - 1)}└ ${step ? `captures ${text.replace('captured variable ', '')}` : text.trim()}: ${describeValue(value)}`,
    );
  }
  const head = `Task not serializable: ${label ? `${label} → ` : ''}${path || 'the function'} ${why}`;
  return new TaskNotSerializableError(`${head}\n${lines.join('\n')}`, path);
}

/** A value as a person knows it: functions and classes with their place, the rest by its class. */
export function describeValue(value: unknown): string {
  if (typeof value === 'function') return describeFunction(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (types.isProxy(value)) return 'a Proxy';
  const name = Object.getPrototypeOf(value)?.constructor?.name;
  if (!name || name === 'Object') return 'an object';
  return `${/^[AEIO]/.test(name) ? 'an' : 'a'} ${name}`;
}

function describeFunction(fn: Function): string {
  const kind = /^class\b/.test(Function.prototype.toString.call(fn)) ? 'class' : 'function';
  const origin = originOf(fn);
  if (!origin) return `${kind} ${fn.name || '(anonymous)'}`;
  const { module, unit } = origin;
  const { line, column } = positionOf(module, unit.at);
  const file = module.url.startsWith('file:') ? fileURLToPath(module.url) : module.url;
  return `${kind} ${unit.name || '(anonymous)'} at ${file}:${line + 1}:${column + 1}`;
}
