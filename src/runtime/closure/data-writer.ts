// The careful way for results: a table of nodes, for what msgpackr can't say by itself (cycles, -0, errors, symbols as keys, odd objects).
// Functions are refused; instances of the user's classes become plain objects. The fast way, and the choice, are in `result-codec.ts`.
import { types } from 'node:util';
import type { ValueNode } from './captured.ts';
import { GraphWriter, type Any } from './graph-writer.ts';

export class DataWriter extends GraphWriter {
  protected override writeFunction(_fn: Any, id: number): ValueNode {
    this.fail(id, 'is a function: functions travel to executors, not back. Return data');
  }

  protected override writeInstance(value: Any, _prototype: object, id: number): ValueNode {
    if (types.isNativeError(value)) return ['E', errorType(value), value.message, this.properties(value, id)];
    if (types.isMap(value)) return ['M', this.entries(value, id)];
    if (types.isSet(value)) return ['S', this.elements(value, id)];
    if (types.isDate(value)) return ['D', value.getTime()];
    if (types.isRegExp(value)) return ['R', value.source, value.flags, value.lastIndex];
    if (Array.isArray(value)) return ['a', this.list(value, id, (index) => index)];
    const owner: Any = value.constructor;
    if (typeof owner === 'function' && owner !== Object && [globalThis, Intl].some((home: Any) => home[owner.name] === owner))
      this.fail(id, `is a ${owner.name}: it is more than its properties and can't be sent. Return data`);
    return ['o', this.properties(value, id, (_key, { enumerable }) => !enumerable), 0];
  }
}

/** The built-in type that the driver makes; the user's own name of it stays as the property `name`. */
function errorType(error: Error): string {
  for (let at = Object.getPrototypeOf(error); at; at = Object.getPrototypeOf(at)) {
    const name = Object.hasOwn(at, 'constructor') ? at.constructor.name : '';
    if ((globalThis as Any)[name] === at.constructor) return name;
  }
  return 'Error';
}
