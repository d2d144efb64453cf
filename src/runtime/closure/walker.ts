// What the walk over a module collects, as the files see it that each walk a part: `analyze.ts` (which implements it), `visit-bindings.ts`,
// `resolve-names.ts`. Types only.
import type { NameContext, Node, Reference, Scope, Span, Unit } from './scope.ts';

export type SourceFormat = 'module' | 'commonjs';

/** `this`, `arguments`, `super` or `new.target` in some scope, to be given to the units between there and its boundary. */
export type Special = { readonly what: 'this' | 'arguments' | 'super' | 'newTarget'; readonly scope: Scope };

/** A private name whose class is not yet known. */
export type PendingPrivate = { readonly node: Node; readonly scope: Scope; readonly inOperator: boolean };

export interface Walker {
  readonly format: SourceFormat;
  strict: boolean;
  readonly units: Unit[];
  readonly references: Reference[];
  readonly specials: Special[];
  readonly pendingPrivates: PendingPrivate[];
  readonly importMetas: Span[];
  readonly dynamicImports: Span[];
  readonly objects: { readonly node: Node; readonly units: Unit[] }[];
  mention(node: Node, scope: Scope, write: boolean, form?: Reference['form'], member?: string): void;
  /** An expression that gives its name to an anonymous function or class: `name = …`, `{ name: … }`. */
  visitNamed(node: Node, scope: Scope, name: string, context?: NameContext): void;
  visitAll(nodes: readonly Node[], scope: Scope): void;
  visit(node: Node, scope: Scope): void;
  visitChildren(node: Node, scope: Scope): void;
}
