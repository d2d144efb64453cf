// A tree as lines, in Spark's drawing. Source: TreeNode.generateTreeString of Spark 4.2.

/** @param textOf one line; `childrenOf` gives what stands under it; `innerOf` what it holds, set further in: a plan whose rows are kept */
export function treeText<T>(
  root: T,
  textOf: (node: T) => string,
  childrenOf: (node: T) => readonly T[],
  innerOf?: (node: T) => T | undefined,
): string {
  const lines: string[] = [];
  const add = (node: T, first: string, rest: string): void => {
    lines.push(`${first}${textOf(node)}`);
    const inner = innerOf?.(node);
    if (inner !== undefined) add(inner, `${rest}   +- `, `${rest}      `);
    const children = childrenOf(node);
    for (const [i, child] of children.entries()) {
      const isLast = i === children.length - 1;
      add(child, `${rest}${isLast ? '+- ' : ':- '}`, `${rest}${isLast ? '   ' : ':  '}`);
    }
  };
  add(root, '', '');
  return lines.join('\n');
}
