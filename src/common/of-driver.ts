// The mark of classes whose objects stand for the driver (sessions, contexts, DataFrames): a function that captures one is refused with that reason.

/** A static property of the class, which is true. */
export const OF_DRIVER: unique symbol = Symbol.for('emberloom.ofDriver');
