// YARN's LogAggregationStatus, as far as it is known here: nodes pack logs by themselves when an application has ended, and serve them before, during and
// after; `yarn logs -list_nodes` says which have done it.

export const logAggregationStatus = (aggregates: boolean, hasEnded: boolean): 'DISABLED' | 'NOT_START' | 'SUCCEEDED' =>
  !aggregates ? 'DISABLED' : hasEnded ? 'SUCCEEDED' : 'NOT_START';
