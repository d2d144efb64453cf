/**
 * Runs the sides of a comparison in turn, round by round, so that a change of the machine's load meets all of them.
 * Every other round goes backwards: the side that runs after a hot one is not always the same.
 */
export type Side<T> = { readonly name: string; readonly run: (round: number) => Promise<T> };

/** @returns for each side by name its results, in the order of the rounds */
export async function alternate<T>(rounds: number, sides: readonly Side<T>[]): Promise<Map<string, T[]>> {
  const results = new Map<string, T[]>(sides.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const { name, run } of round % 2 === 0 ? sides : sides.toReversed()) {
      const from = performance.now();
      results.get(name)?.push(await run(round));
      console.error(`  round ${round + 1}/${rounds}  ${name}  ${((performance.now() - from) / 1000).toFixed(2)} s in all`);
    }
  }
  return results;
}
