// What is kept of a transformed module: for each unit the text that executors get and where each of its free names comes from.
// Plain data without the syntax tree (0.7 MB instead of 4.9 MB for 2,000 lines), so it can lie in the on-disk cache as it is.
import { hash } from 'node:crypto';
import { lineStartsOf, placeOf } from '../../common/line-starts.ts';
import type { SourceFormat } from './walker.ts';

/** Where one free name of a unit comes from. `index`: the question to the function's own getter or to the module's accessor. */
export type Slot =
  | { readonly name: string; readonly from: 'local'; readonly index: number; readonly cell: boolean; readonly token: number }
  | {
      readonly name: string;
      readonly from: 'module';
      readonly index: number;
      readonly cell: boolean;
      readonly declared: boolean;
      readonly members?: string[] | undefined;
    }
  | {
      readonly name: string;
      readonly from: 'import';
      readonly index: number;
      readonly specifier: string;
      readonly imported: string;
      readonly members?: string[] | undefined;
    }
  | { readonly name: string; readonly from: 'special'; readonly what: 'meta' | 'dynamicImport' | 'require' };

/** Replace `[start, end)` of the source by `text`. */
export type Edit = readonly [start: number, end: number, text: string];

export interface ClassMeta {
  readonly hasParent: boolean;
  readonly privateFields: readonly string[];
  readonly privateFieldKeys: readonly string[];
  readonly privateStatics: readonly string[];
  readonly privateStaticKeys: readonly string[];
}

export interface UnitMeta {
  readonly id: number;
  readonly kind: 'arrow' | 'function' | 'declaration' | 'method' | 'class';
  readonly name: string;
  readonly strict: boolean;
  /** Offset where the unit begins as a person sees it; for methods that is before the text of `toString`. */
  readonly at: number;
  readonly start: number;
  readonly end: number;
  readonly edits: readonly Edit[];
  readonly slots: readonly Slot[];
  /** Question to the getter that answers `this` or `arguments`; -1 when the unit does not borrow it. */
  readonly thisIndex: number;
  readonly argumentsIndex: number;
  readonly hasGetter: boolean;
  /** Why this unit can't be shipped. */
  readonly problem?: string | undefined;
  /** Registered symbols that stand for the private names it borrows, in the order of `$p0`, `$p1`, … */
  readonly privateKeys: readonly string[];
  readonly methodKind?: 'method' | 'get' | 'set' | 'constructor' | undefined;
  readonly isStatic: boolean;
  readonly ownerClass: number;
  readonly classMeta?: ClassMeta | undefined;
  /** A declaration that is assigned to loses its own name, which would shadow the shared cell. */
  readonly dropsName: boolean;
}

export interface ModuleMeta {
  /** In every marker comment of the module. The hash, with a suffix when one module was loaded twice. */
  id: string;
  readonly hash: string;
  readonly url: string;
  readonly format: SourceFormat;
  /** Without types; what `start` and `end` count in. */
  readonly source: string;
  /** Module-level names that units of the module use; the accessor answers by index. */
  readonly accessor: readonly string[];
  readonly units: readonly UnitMeta[];
  readonly byReference: boolean;
  access?: (index: number) => unknown;
}

/** What is shipped for one unit. Line and column count from 0. */
export interface Definition {
  readonly key: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly kind: 'arrow' | 'function' | 'method' | 'class';
  readonly name: string;
  readonly strict: boolean;
  readonly text: string;
  readonly slots: readonly string[];
  readonly methodKind?: 'method' | 'get' | 'set' | 'constructor' | undefined;
  readonly privateKeys: readonly string[];
  readonly usesArguments: boolean;
}

/** 12 characters that name one version of one file; keys of definitions and private fields begin with it. */
export const moduleHash = (url: string, source: string): string => hash('sha1', `${url}\n${source}`, 'base64url').slice(0, 12);

/** Name of the registered symbol that stands for one private name of one class: shipped classes have an accessor under it. */
export const privateKey = (hash: string, classId: number, name: string): string => `sp:${hash}.${classId}#${name}`;

const lineStarts = new WeakMap<ModuleMeta, number[]>();

/** @returns line and column, both from 0 */
export function positionOf(module: ModuleMeta, offset: number): { line: number; column: number } {
  const starts = lineStarts.get(module) ?? lineStartsOf(module.source);
  lineStarts.set(module, starts);
  return placeOf(starts, offset);
}

const definitions = new WeakMap<UnitMeta, Definition>();

/** The text of one unit as executors evaluate it; made when it is first shipped. */
export function definitionOf(module: ModuleMeta, unit: UnitMeta): Definition {
  const known = definitions.get(unit);
  if (known) return known;
  const { line, column } = positionOf(module, unit.start);
  const made: Definition = {
    key: `${module.hash}.${unit.id}`,
    file: module.url,
    line,
    column,
    kind: unit.kind === 'declaration' ? 'function' : unit.kind,
    name: unit.name,
    strict: unit.strict,
    text: applyEdits(module.source, unit),
    slots: unit.slots.map((slot) => slot.name),
    methodKind: unit.methodKind,
    privateKeys: unit.privateKeys,
    usesArguments: unit.argumentsIndex >= 0,
  };
  definitions.set(unit, made);
  return made;
}

function applyEdits(source: string, { start, end, edits }: UnitMeta): string {
  let text = '';
  let at = start;
  for (const [from, to, replacement] of edits) {
    if (from < at) continue; // inside a range that an earlier edit removed
    text += source.slice(at, from) + replacement;
    at = to;
  }
  return text + source.slice(at, end);
}
