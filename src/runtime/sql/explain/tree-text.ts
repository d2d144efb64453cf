// A tree as lines, in Spark's drawing. Source: TreeNode.generateTreeString of Spark 4.2.

/** @param textOf one line; `childrenOf` gives what stands under it */
export function treeText<T>(root: T, textOf: (node: T) => string, childrenOf: (node: T) => readonly T[]): string {
  const lines: string[] = [];
  const add = (node: T, first: string, rest: string): void => {
    lines.push(`${first}${textOf(node)}`);
    const children = childrenOf(node);
    for (const [i, child] of children.entries()) {
      const isLast = i === children.length - 1;
      add(child, `${rest}${isLast ? '+- ' : ':- '}`, `${rest}${isLast ? '   ' : ':  '}`);
    }
  };
  add(root, '', '');
  return lines.join('\n');
}
