// The words of scope analysis: scopes, variables, references, and *units*. No behaviour to speak of; `analyze.ts` fills these in,
// `describe-unit.ts` and `instrument.ts` read them. They live only while one module is transformed: what is kept afterwards is in
// `module-meta.ts`.

/** An ESTree node as acorn makes it. ESTree is open (every type has other fields), so fields are not typed here. */
export type Node = any;

/** One mention of a name. `member` is the property when the mention is `name.member`. */
export interface Reference {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly scope: Scope;
  readonly write: boolean;
  /** How the text must change when the name becomes a cell: `n` → `n.$`, `{n}` → `{n:n.$}`, `n()` → `(0,n.$)()`. */
  readonly form: 'plain' | 'shorthand' | 'callee';
  readonly member: string | undefined;
}

export class Variable {
  readonly name: string;
  readonly scope: Scope;
  kind: string;
  /** Assigned from a function other than the one that declares it: must be one shared cell in a task. */
  closureWritten = false;
  reassigned = false;
  /** Index of the identity token that the driver's code makes for a local `closureWritten` variable; -1 when there is none. */
  token = -1;
  importFrom: { readonly specifier: string; readonly imported: string } | undefined;

  constructor(name: string, scope: Scope, kind: string) {
    this.name = name;
    this.scope = scope;
    this.kind = kind;
  }
}

export type ScopeKind = 'module' | 'function' | 'fnname' | 'class' | 'init' | 'block';

export class Scope {
  readonly kind: ScopeKind;
  readonly parent: Scope | null;
  readonly unit: Unit | null;
  readonly node: Node;
  readonly variables = new Map<string, Variable>();
  /** `this`, `arguments` (with `new.target`) and `super` of the code inside stop here. */
  thisBoundary = false;
  argumentsBoundary = false;
  superBoundary = false;
  /** The unit of which this is the outermost scope. */
  rootOf: Unit | null = null;

  constructor(kind: ScopeKind, parent: Scope | null, unit: Unit | null, node: Node) {
    this.kind = kind;
    this.parent = parent;
    this.unit = unit;
    this.node = node;
  }

  /** The scope where a `var` of this scope lands. */
  functionScope(): Scope {
    let scope: Scope = this;
    while (scope.kind !== 'function' && scope.kind !== 'module' && scope.kind !== 'init') scope = scope.parent as Scope;
    return scope;
  }

  lookup(name: string): Variable | undefined {
    for (let scope: Scope | null = this; scope; scope = scope.parent) {
      const found = scope.variables.get(name);
      if (found) return found;
    }
    return undefined;
  }

  declare(name: string, kind: string): Variable {
    const known = this.variables.get(name);
    if (known) {
      if (kind === 'function') known.kind = 'function';
      return known;
    }
    const made = new Variable(name, this, kind);
    this.variables.set(name, made);
    return made;
  }
}

/** Where a function got its name from: decides how it can be wrapped without losing it. */
export type NameContext = { readonly type: 'declarator' | 'assign' | 'named'; readonly node: Node };

export interface MethodInfo {
  readonly owner: Node;
  readonly kind: 'method' | 'get' | 'set' | 'constructor';
  readonly isStatic: boolean;
  readonly key: string | null;
  readonly ownerClass: Unit | undefined;
}

export interface ClassInfo {
  readonly declared: Set<string>;
  readonly privateFields: string[];
  readonly privateStatics: string[];
  readonly privateMethods: { readonly name: string; readonly isStatic: boolean; readonly kind: string }[];
}

/** Anything that can be shipped as source text: a function of any kind, or a class. */
export interface Unit {
  readonly id: number;
  readonly kind: 'arrow' | 'function' | 'declaration' | 'method' | 'class';
  readonly node: Node;
  readonly name: string;
  readonly method: MethodInfo | undefined;
  scope: Scope;
  strict: boolean;
  readonly free: Map<Variable, Reference[]>;
  readonly globals: Set<string>;
  usesThis: boolean;
  usesArguments: boolean;
  usesSuper: boolean;
  usesNewTarget: boolean;
  /** Private names used here and declared by a class around it. */
  readonly borrowedPrivates: Map<string, Unit>;
  classInfo: ClassInfo | undefined;
  nameContext: NameContext | undefined;
}

export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface PrivateReference extends Span {
  readonly name: string;
  readonly ownerClass: Unit;
  /** `#x in o`, not `o.#x`. */
  readonly inOperator: boolean;
}

export interface Analysis {
  readonly units: Unit[];
  readonly moduleScope: Scope;
  readonly importMetas: Span[];
  readonly dynamicImports: Span[];
  readonly privateReferences: PrivateReference[];
  /** Object literals with methods, in source order. */
  readonly objects: { readonly node: Node; readonly units: Unit[] }[];
  /** Offset behind the directives: where the prologue goes. */
  readonly firstStatement: number;
  readonly byReference: boolean;
}

export function hasDirective(body: readonly Node[], directive: string): boolean {
  for (const statement of body) {
    if (statement.directive === undefined) return false;
    if (statement.directive === directive) return true;
  }
  return false;
}
