// Counts calls of the RDD API, so that RDDs made by one call can be drawn together (RddNode.scope). The driver counts where it looks up the
// user's line (driver/service/call-site.ts); rdd-base.ts reads. Source: Spark's RDDOperationScope.

let calls = 0;

export const noteApiCall = (): void => {
  calls++;
};

/** Of the call that is under way, `map at job.ts:14`: an id and the method. */
export const scopeOf = (callSite: string): { id: string; name: string } => ({
  id: String(calls),
  name: callSite.split(' ', 1)[0]!,
});
