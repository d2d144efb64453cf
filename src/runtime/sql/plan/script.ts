// SQL scripts: BEGIN … END with variables, conditions, loops, handlers, cursors, as written. Whoever runs them makes jobs of their statements.
// Names are those of Spark 4.2's scripting nodes; only SQL text can say them.
import type { Command } from './commands.ts';
import type { Assignment, Expression } from './expressions.ts';
import type { Origin } from './origin.ts';
import type { Relation } from './relations.ts';

type Labelled = { readonly label?: string };
type Body = readonly ScriptStatement[];

export type CompoundBody = Labelled & { readonly kind: 'compoundBody'; readonly body: Body };
/** `'45000'`, SQLEXCEPTION, NOT FOUND, or a condition by name. */
export type ConditionValue = { readonly sqlState: string } | { readonly name: readonly string[] };

export type ScriptStatement = { readonly origin?: Origin } & (
  | CompoundBody
  | {
      readonly kind: 'single';
      readonly plan: { readonly tag: 'relation'; readonly relation: Relation } | { readonly tag: 'command'; readonly command: Command };
    }
  | { readonly kind: 'set'; readonly assignments: readonly Assignment[] }
  | { readonly kind: 'setFromQuery'; readonly variables: readonly (readonly string[])[]; readonly query: Relation }
  | { readonly kind: 'declareCondition'; readonly name: string; readonly sqlState?: string }
  | {
      readonly kind: 'declareHandler';
      readonly action: 'continue' | 'exit';
      readonly conditions: readonly ConditionValue[];
      readonly body: ScriptStatement;
    }
  | {
      readonly kind: 'ifElse';
      readonly branches: readonly { readonly condition: Expression; readonly body: Body }[];
      readonly elseBody?: Body;
    }
  | {
      readonly kind: 'case';
      readonly value?: Expression;
      readonly branches: readonly { readonly condition: Expression; readonly body: Body }[];
      readonly elseBody?: Body;
    }
  | (Labelled & { readonly kind: 'while'; readonly condition: Expression; readonly body: Body })
  | (Labelled & { readonly kind: 'repeat'; readonly condition: Expression; readonly body: Body })
  | (Labelled & { readonly kind: 'loop'; readonly body: Body })
  | (Labelled & { readonly kind: 'for'; readonly variable?: string; readonly query: Relation; readonly body: Body })
  | { readonly kind: 'leave' | 'iterate'; readonly target: string }
  | { readonly kind: 'declareCursor'; readonly name: string; readonly query: Relation }
  | { readonly kind: 'openCursor'; readonly cursor: readonly string[]; readonly using: readonly Expression[] }
  | { readonly kind: 'fetchCursor'; readonly cursor: readonly string[]; readonly into: readonly (readonly string[])[] }
  | { readonly kind: 'closeCursor'; readonly cursor: readonly string[] }
);
