// Two helps for TypeScript's inference, without which the commonest programs would need annotations. No run-time meaning.

/**
 * Any row at all. As a bound of a type parameter it makes `[word, 1]` infer as the pair `[string, number]`, not as an array of both.
 */
export type Row = [unknown, unknown] | {} | null | undefined | void;

/** `number` for `0 | 1`: what a function that adds such rows gives back. */
export type Widened<T> = T extends number ? number : T extends string ? string : T extends boolean ? boolean : T;
