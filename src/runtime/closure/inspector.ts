// What only V8's inspector can see: the parts of a bound function, and where a function that did not come through the loader was written.
// The inspector is refused under `--permission` and absent in some builds; then bound functions can't be sent, and places are not named.
import inspector from 'node:inspector';
import { fileURLToPath } from 'node:url';
import type { AnyFunction } from './driver-runtime.ts';

interface RemoteObject {
  readonly type: string;
  readonly objectId?: string;
  readonly value?: unknown;
  readonly unserializableValue?: string;
}
interface InternalProperty {
  readonly name: string;
  readonly value?: RemoteObject;
}

let session: inspector.Session | undefined;
let scripts: Map<string, string> | undefined;
const shared = globalThis as unknown as Record<string, unknown>;
/** The inspector finds values only by expression; they pass through this global, which exists for the length of a call. */
const PASS = '__emberloomInspect';

function post(method: string, params: object): any {
  if (!session) {
    session = new inspector.Session();
    session.connect();
  }
  let answer: unknown;
  let failure: Error | null = null;
  session.post(method, params, (error, result) => {
    failure = error;
    answer = result;
  });
  if (failure) throw failure;
  return answer;
}

function internalProperties(fn: AnyFunction): InternalProperty[] {
  shared[PASS] = fn;
  try {
    const { result } = post('Runtime.evaluate', { expression: PASS });
    return post('Runtime.getProperties', { objectId: result.objectId, ownProperties: true }).internalProperties ?? [];
  } finally {
    delete shared[PASS];
  }
}

function localValue(remote: RemoteObject): unknown {
  if (remote.type === 'undefined') return undefined;
  if (remote.objectId === undefined) return remote.unserializableValue !== undefined ? special(remote.unserializableValue) : remote.value;
  let found: unknown;
  shared[PASS] = (value: unknown) => {
    found = value;
  };
  try {
    post('Runtime.callFunctionOn', { functionDeclaration: `function(){ ${PASS}(this) }`, objectId: remote.objectId });
  } finally {
    delete shared[PASS];
  }
  return found;
}

/** `-0`, `NaN`, `Infinity` and bigints come as text. */
const special = (text: string): unknown => (text.endsWith('n') ? BigInt(text.slice(0, -1)) : Number(text));

export function boundParts(fn: AnyFunction): { target: unknown; self: unknown; args: unknown[] } | null {
  const properties = internalProperties(fn);
  const read = (name: string) => {
    const remote = properties.find((property) => property.name === name)?.value;
    return remote && localValue(remote);
  };
  const target = read('[[TargetFunction]]');
  return target ? { target, self: read('[[BoundThis]]'), args: [...(read('[[BoundArgs]]') as unknown[])] } : null;
}

/** @returns for example ` (/app/lib.js:12)`, or '' when it can't be known */
export function placeOf(fn: AnyFunction): string {
  try {
    const location = internalProperties(fn).find(({ name }) => name === '[[FunctionLocation]]')?.value?.value as
      | { scriptId: string; lineNumber: number }
      | undefined;
    const url = location && scriptUrl(location.scriptId);
    return location && url ? ` (${url.startsWith('file:') ? fileURLToPath(url) : url}:${location.lineNumber + 1})` : '';
  } catch {
    return ''; // a place in a message is best effort
  }
}

function scriptUrl(id: string): string | undefined {
  if (!scripts) {
    const seen = new Map<string, string>();
    scripts = seen;
    session?.on('Debugger.scriptParsed', ({ params }) => seen.set(params.scriptId, params.url));
    post('Debugger.enable', {});
    post('Debugger.disable', {});
  }
  return scripts.get(id);
}
