// RDD<T>: a distributed collection described by how it is computed. The methods are in the classes below it, by kind:
// rdd-base.ts (lineage, persistence), transformations.ts, pair-transformations.ts, actions.ts. Sources of RDDs: sources.ts.
import { Actions } from './actions.ts';
import { setRddConstructor } from './rdd-base.ts';

export class RDD<T> extends Actions<T> {}

setRddConstructor(RDD);
