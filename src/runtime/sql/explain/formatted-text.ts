// The layout `formatted`: the tree with a number at each operator, then each operator's columns and arguments under its number.
// Source: ExplainUtils.processPlan and QueryPlan.verboseStringWithOperatorId of Spark 4.2.
import type { RunRecord } from '../physical/run-record.ts';
import { attributeText } from './expression-text.ts';
import { sizeText } from './logical-text.ts';
import type { Field } from './operator-facts.ts';
import { adaptiveText, indented } from './physical-text.ts';
import type { PlanTrees, SparkNode } from './spark-plan.ts';
import { treeText } from './tree-text.ts';

export function formattedText({ isAdaptive, initial: planned, final, run }: PlanTrees): string {
  const numbers = new Numbers(run);
  if (!isAdaptive) {
    numbers.add(planned);
    return `${numbers.tree(planned, true)}\n\n${numbers.details()}${numbers.subqueries()}`;
  }
  const initial = withoutTexts(planned);
  if (final !== undefined) numbers.add(final);
  numbers.add(initial);
  const id = numbers.next();
  const head = `AdaptiveSparkPlan (${id})`;
  const tree =
    final === undefined
      ? `${head}\n${indented(numbers.tree(initial, false), '+- ')}`
      : adaptiveText(head, numbers.tree(final, true), numbers.tree(initial, false));
  const own = fieldsText(id, 'AdaptiveSparkPlan', undefined, [
    ['Output', initial.output.map(attributeText)],
    ['Arguments', `isFinalPlan=${final !== undefined}`],
  ]);
  return `${tree}\n\n${numbers.details()}${own}${numbers.subqueries()}`;
}

/** Nothing has been generated for a plan that has not run. */
const withoutTexts = ({ text: _, ...node }: SparkNode): SparkNode => ({
  ...node,
  children: node.children.map(withoutTexts),
  inner: node.inner && withoutTexts(node.inner),
});

class Numbers {
  readonly #run: RunRecord | undefined;
  readonly #ids = new Map<SparkNode, number>();
  readonly #hosted: { readonly host: SparkNode; readonly table: string; readonly plan: SparkNode }[] = [];
  #last = 0;

  constructor(run: RunRecord | undefined) {
    this.#run = run;
  }

  next(): number {
    return ++this.#last;
  }

  /** From the leaves up. */
  add(node: SparkNode): void {
    for (const child of node.children) this.add(child);
    this.#ids.set(node, this.next());
    if (node.inner !== undefined) this.add(node.inner);
    for (const { table, plan } of node.subqueries) this.#hosted.push({ host: node, table, plan: plan.children[0]! });
  }

  /** @param starred whether operators of a text have a star */
  tree(root: SparkNode, starred: boolean): string {
    return treeText(
      root,
      (node) => `${starred && node.text !== undefined ? '* ' : ''}${node.name.trim()} (${this.#ids.get(node)})${this.#statistics(node)}`,
      (node) => node.children,
      (node) => node.inner,
    );
  }

  #statistics(node: SparkNode): string {
    if (!node.name.endsWith('QueryStage') || node.name.startsWith('Result')) return '';
    const ran = node.name.startsWith('Shuffle') ? this.#run?.exchangeOf(node.children[0]!.of) : undefined;
    return ran === undefined ? '' : `, Statistics(sizeInBytes=${sizeText(ran.bytes)}, rowCount=${ran.rows})`;
  }

  details(): string {
    return [...this.#ids].map(([node, id]) => detailsOf(node, id)).join('');
  }

  /** Each in a tree of its own. */
  subqueries(): string {
    let text = '';
    for (let i = 0; i < this.#hosted.length; i++) {
      const { host, table, plan } = this.#hosted[i]!;
      const own = new Numbers(this.#run);
      own.#last = this.#last;
      own.add(plan);
      this.#last = own.#last;
      this.#hosted.push(...own.#hosted);
      const head = `Subquery:${i + 1} Hosting operator id = ${this.#ids.get(host) ?? 'unknown'} Hosting Expression = Subquery ${table}`;
      text += `${i === 0 ? '\n===== Subqueries =====\n\n' : ''}${head}\n${own.tree(plan, true)}\n\n${own.details()}\n`;
    }
    return text;
  }
}

function detailsOf(node: SparkNode, id: number): string {
  const inputs = node.children.map((child) => child.output.map(attributeText));
  const input: Field[] =
    inputs.length === 0
      ? [['Output', node.output.map(attributeText)]]
      : inputs.length === 1
        ? [['Input', inputs[0]!]]
        : inputs.length === 2
          ? [
              ['Left output', inputs[0]!],
              ['Right output', inputs[1]!],
            ]
          : inputs.map((columns, i) => [`Child ${i}`, columns] as const);
  const { fields } = node;
  const rest = node.rest.trim();
  const lines: readonly Field[] =
    fields === undefined
      ? [...input, ...(rest === '' ? [] : [['Arguments', rest] as const])]
      : node.input === 'before'
        ? [...input, ...fields]
        : node.input === 'after'
          ? [...fields, ...input]
          : fields;
  return fieldsText(id, node.name, node.text, lines);
}

function fieldsText(id: number, name: string, text: SparkNode['text'], fields: readonly Field[]): string {
  const codegen = text === undefined ? '' : ` [codegen id : ${text.id}]`;
  const lines = fields.map(([key, value]) => {
    if (typeof value === 'string') return `${key}: ${value === '' ? 'None' : value}`;
    return value.length === 0 ? `${key}: []` : `${key} [${value.length}]: [${value.join(', ')}]`;
  });
  return `\n(${id}) ${name}${codegen}\n${lines.map((line) => `${line}\n`).join('')}`;
}
