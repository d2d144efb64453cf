// A physical plan as the tree that explain and the pages show: Spark's operators, exchanges and query stages, each with the number of the text
// that computes it. Before it has run, sides and partitions are guesses; with a run's record they are what happened.
// What is said of an operator: operator-facts.ts; layouts: physical-text.ts, formatted-text.ts; events: ../engine/staged-info.ts.
import type { Attribute } from '../logical/expressions.ts';
import { outputOf } from '../logical/plans.ts';
import type { BroadcastSide, PhysicalPlan, SubqueryTable } from '../physical/physical-plan.ts';
import type { RanExchange, RunRecord } from '../physical/run-record.ts';
import { nodeOf } from '../physical/runtime-filters.ts';
import { attributesText, attributeText } from './expression-text.ts';
import {
  broadcastText,
  distributionText,
  type Facts,
  factsOfLine,
  filteredFacts,
  joinFacts,
  leafFacts,
  narrowFacts,
} from './operator-facts.ts';
import { operatorText } from './logical-text.ts';

/** What a node is of its plan: metrics are found by both. */
export type Part = 'operator' | 'read' | 'left' | 'right' | 'subquery';
/** A text of the kernel: all operators of a stage's tasks. The number is there when the tree is whole. */
export type Text = { id: number; top?: SparkNode };
export type SparkNode = Facts & {
  readonly of: PhysicalPlan;
  readonly part: Part;
  readonly output: readonly Attribute[];
  readonly children: readonly SparkNode[];
  /** What a scan of kept rows stands on. */
  readonly inner?: SparkNode | undefined;
  /** Computed before, for expressions of this node. */
  readonly subqueries: readonly { readonly table: string; readonly plan: SparkNode }[];
  /** undefined: no operator of a text (exchanges, query stages). */
  readonly text?: Text;
};

export type SparkPlan = { readonly root: SparkNode; readonly texts: readonly Text[] };

/** @param run what happened; undefined: nothing yet */
export function sparkPlan(plan: PhysicalPlan, run?: RunRecord, isAdaptive = true): SparkPlan {
  const builder = new Builder(run, isAdaptive);
  const root = builder.stage(plan);
  return { root: run !== undefined && isAdaptive ? builder.queryStage('ResultQueryStage', run.stages, root) : root, texts: builder.texts };
}

/** A plan as it was made, and as it ran. One that is not adaptive has the first only: with what happened in it. */
export type PlanTrees = {
  readonly isAdaptive: boolean;
  readonly initial: SparkNode;
  readonly final?: SparkNode | undefined;
  readonly run?: RunRecord | undefined;
};

/** @param known of a time before it ran */
export function planTrees(plan: PhysicalPlan, isAdaptive: boolean, run?: RunRecord, known?: PlanTrees): PlanTrees {
  if (!isAdaptive) return { isAdaptive, initial: sparkPlan(plan, run, false).root, run };
  return { isAdaptive, initial: known?.initial ?? sparkPlan(plan).root, final: run && sparkPlan(plan, run).root, run };
}

class Builder {
  readonly texts: Text[] = [];
  readonly #run: RunRecord | undefined;
  readonly #isAdaptive: boolean;
  #plans = 0;

  constructor(run: RunRecord | undefined, isAdaptive: boolean) {
    this.#run = run;
    this.#isAdaptive = isAdaptive;
  }

  /** Texts are numbered when all below them are. */
  stage(plan: PhysicalPlan): SparkNode {
    const text: Text = { id: 0 };
    const node = this.#node(plan, text);
    if (node.text === text) {
      text.id = this.texts.push(text);
      text.top = node;
    }
    return node;
  }

  queryStage(name: string, id: number, child: SparkNode): SparkNode {
    return {
      ...wrapped(child),
      name,
      rest: ` ${id}`,
      fields: [
        ['Output', child.output.map(attributeText)],
        ['Arguments', String(id)],
      ],
    };
  }

  #node(plan: PhysicalPlan, text: Text): SparkNode {
    switch (plan.kind) {
      case 'leaf':
        return { ...this.#operator(plan, text, leafFacts(plan), []), inner: this.#kept(plan) };
      case 'whole':
        return this.#operator(plan, text, { name: 'WholeQuery', rest: ` (${plan.reason})` }, []);
      case 'narrow':
        return this.#operator(plan, text, narrowFacts(plan), [this.#node(plan.child, text)]);
      case 'filtered':
        return this.#operator(plan, text, filteredFacts(plan), [this.#node(plan.child, text)]);
      case 'union':
        return this.#operator(
          plan,
          text,
          { name: 'Union', rest: '' },
          plan.children.map((child) => this.#node(child, text)),
        );
      case 'set':
        return this.#operator(plan, text, factsOfLine(operatorText(plan.node)), [
          this.#node(plan.left, text),
          this.#node(plan.right, text),
        ]);
      case 'exchange':
        return this.#exchange(plan, text);
      case 'join':
        return this.#join(plan, text);
    }
  }

  #operator(plan: PhysicalPlan, text: Text, facts: Facts, children: readonly SparkNode[]): SparkNode {
    const subqueries = (plan.subqueries ?? []).map((s) => ({ table: s.table, plan: this.#subquery(plan, s) }));
    const { node } = plan as { node: Parameters<typeof outputOf>[0] };
    return { ...facts, of: plan, part: 'operator', output: outputOf(node), children, subqueries, text };
  }

  /** The plan whose rows are kept, as it was planned. */
  #kept(plan: Extract<PhysicalPlan, { kind: 'leaf' }>): SparkNode | undefined {
    const { node } = plan;
    if (node.kind !== 'kernelTable' || node.cached === undefined) return undefined;
    const { physical, level } = node.cached;
    const { output } = node;
    const facts = { name: 'InMemoryRelation', rest: ` ${attributesText(output)}, ${level}` };
    const inner = physical === undefined ? undefined : new Builder(undefined, this.#isAdaptive).stage(physical as PhysicalPlan);
    return { ...facts, of: plan, part: 'operator', output, children: [], subqueries: [], inner };
  }

  #subquery(host: PhysicalPlan, { table, plan }: SubqueryTable): SparkNode {
    const child = this.stage(plan);
    return { ...wrapped(child), of: host, part: 'subquery', name: 'Subquery', rest: ` ${table}` };
  }

  #exchange(plan: Extract<PhysicalPlan, { kind: 'exchange' }>, text: Text): SparkNode {
    const ran = this.#run?.exchangeOf(plan);
    const isLeftOut = this.#run === undefined ? plan.isEnsured === true : ran === undefined;
    if (isLeftOut) return this.#node(plan.child, text);
    if (ran?.isReused) return reusedNode(plan, ran);
    const child = this.stage(plan.child);
    const by = distributionText(plan.to, ran?.partitions ?? plan.partitions);
    const node: SparkNode = { ...wrapped(child), of: plan, name: 'Exchange', rest: ` ${by}, [plan_id=${++this.#plans}]` };
    if (ran === undefined || !this.#isAdaptive) return node;
    const stage = this.queryStage('ShuffleQueryStage', ran.stage, node);
    const tasks = this.#run!.tasksOf(ran.exchange);
    if (tasks === undefined || tasks === ran.partitions) return stage;
    return { ...wrapped(stage), of: plan, part: 'read', name: 'AQEShuffleRead', rest: tasks < ran.partitions ? ' coalesced' : ' skewed' };
  }

  #join(plan: Extract<PhysicalPlan, { kind: 'join' }>, text: Text): SparkNode {
    const broadcast = this.#run === undefined ? plan.broadcast : this.#sentSide(plan);
    const side = (of: BroadcastSide): SparkNode => {
      const below = this.#run === undefined ? plan[of] : this.#run.sideOf(plan, of);
      const ran = this.#run?.broadcastOf(plan, of);
      if (broadcast !== of || ran?.how === 'text') return this.#node(below, text);
      const child = this.stage(below);
      const mode = broadcastText(plan.node, of);
      const node: SparkNode = {
        ...wrapped(child),
        of: plan,
        part: of,
        name: 'BroadcastExchange',
        rest: ` ${mode}, [plan_id=${++this.#plans}]`,
      };
      return ran === undefined || !this.#isAdaptive ? node : this.queryStage('BroadcastQueryStage', ran.stage, node);
    };
    return this.#operator(plan, text, joinFacts(plan.node, broadcast), [side('left'), side('right')]);
  }

  #sentSide(plan: PhysicalPlan): BroadcastSide | undefined {
    return (['left', 'right'] as const).find((side) => this.#run!.broadcastOf(plan, side) !== undefined);
  }
}

/** Rows that another exchange has computed. */
function reusedNode(plan: Extract<PhysicalPlan, { kind: 'exchange' }>, { partitions }: RanExchange): SparkNode {
  const output = outputOf(nodeOf(plan));
  const rest = ` ${attributesText(output)}, Exchange ${distributionText(plan.to, partitions)}`;
  return { name: 'ReusedExchange', rest, of: plan, part: 'operator', output, children: [], subqueries: [] };
}

/** A node over one child that gives the child's rows. */
const wrapped = (child: SparkNode): Omit<SparkNode, 'name' | 'rest'> => ({
  of: child.of,
  part: 'operator',
  output: child.output,
  children: [child],
  subqueries: [],
});
