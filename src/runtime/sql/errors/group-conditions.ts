// The conditions of groups, windows, subqueries and recursion: SQLSTATE and the sentence, in Spark 4.2's words. Other relations: query-conditions.ts.
// Source: error-conditions.json of Spark.

export const GROUP_CONDITIONS: { readonly [condition: string]: readonly [sqlState: string, sentence: string] } = {
  DISTINCT_WINDOW_FUNCTION_UNSUPPORTED: ['0A000', 'Distinct window functions are not supported: <windowExpr>.'],
  GROUPING_COLUMN_MISMATCH: ['42803', "Column of grouping (<grouping>) can't be found in grouping columns <groupingColumns>."],
  GROUPING_ID_COLUMN_MISMATCH: ['42803', 'Columns of grouping_id (<groupingIdColumn>) does not match grouping columns (<groupByColumns>).'],
  GROUPING_SIZE_LIMIT_EXCEEDED: ['54000', 'Grouping sets size cannot be greater than <maxSize>.'],
  GROUP_BY_AGGREGATE: ['42903', 'Aggregate functions are not allowed in GROUP BY, but found <sqlExpr>.'],
  GROUP_BY_POS_AGGREGATE: [
    '42903',
    'GROUP BY <index> refers to an expression <aggExpr> that contains an aggregate function. Aggregate functions are not allowed in GROUP BY.',
  ],
  GROUP_BY_POS_OUT_OF_RANGE: ['42805', 'GROUP BY position <index> is not in select list (valid range is [1, <size>]).'],
  GROUP_EXPRESSION_TYPE_IS_NOT_ORDERABLE: [
    '42822',
    'The expression <sqlExpr> cannot be used as a grouping expression because its data type <dataType> is not an orderable data type.',
  ],
  'UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.UNSUPPORTED_CORRELATED_EXPRESSION_IN_JOIN_CONDITION': [
    '',
    'Correlated subqueries in the join predicate cannot reference both join inputs:\n<subqueryExpression>',
  ],
  QUALIFY_AGGREGATE_NOT_ALLOWED: ['42903', 'Aggregate functions are not supported in QUALIFY: <aggregateExpr>.'],
  QUALIFY_REQUIRES_WINDOW_FUNCTION: [
    '42903',
    'The QUALIFY clause requires at least one window function in the current SELECT list or the QUALIFY condition.',
  ],
  INVALID_RECURSIVE_CTE: [
    '42836',
    'Invalid recursive definition found. Recursive queries must contain an UNION or an UNION ALL statement with 2 children. The first child needs to be the anchor term without any recursive references.',
  ],
  INVALID_RECURSIVE_REFERENCE: ['42836', 'Invalid recursive reference found inside WITH RECURSIVE clause.'],
  'INVALID_RECURSIVE_REFERENCE.PLACE': [
    '',
    'Recursive references cannot be used on the right side of left outer/semi/anti joins, on the left side of right outer joins, in full outer joins, in aggregates, and in subquery expressions.',
  ],
  INVALID_SUBQUERY_EXPRESSION: ['42823', 'Invalid subquery:'],
  'INVALID_SUBQUERY_EXPRESSION.SCALAR_SUBQUERY_RETURN_MORE_THAN_ONE_OUTPUT_COLUMN': [
    '',
    'Scalar subquery must return only one column, but got <number>.',
  ],
  MISSING_GROUP_BY: [
    '42803',
    'The query does not include a GROUP BY clause. Add GROUP BY or turn it into the window functions using OVER clauses.',
  ],
  MISSING_WINDOW_SPECIFICATION: [
    '42P20',
    "Window specification is not defined in the WINDOW clause for <windowName>. For more information about WINDOW clauses, please refer to '<docroot>/sql-ref-syntax-qry-select-window.html'.",
  ],
  NESTED_AGGREGATE_FUNCTION: [
    '42607',
    'It is not allowed to use an aggregate function in the argument of another aggregate function. Please use the inner aggregate function in a sub-query.',
  ],
  SCALAR_SUBQUERY_TOO_MANY_ROWS: ['21000', 'More than one row returned by a subquery used as an expression.'],
  UNSUPPORTED_EXPR_FOR_WINDOW: ['42P20', 'Expression <sqlExpr> not supported within a window function.'],
  UNSUPPORTED_GROUPING_EXPRESSION: ['42K0E', 'grouping()/grouping_id() can only be used with GroupingSets/Cube/Rollup.'],
  WINDOW_FUNCTION_AND_FRAME_MISMATCH: [
    '42K0E',
    '<funcName> function can only be evaluated in an ordered row-based window frame with a single offset: <windowExpr>.',
  ],
  WINDOW_FUNCTION_WITHOUT_OVER_CLAUSE: ['42601', 'Window function <funcName> requires an OVER clause.'],
  STAR_GROUP_BY_POS: ['0A000', 'Star (*) is not allowed in a select list when GROUP BY an ordinal position is used.'],
  UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY: ['0A000', 'Unsupported subquery expression:'],
  'UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.UNSUPPORTED_IN_EXISTS_SUBQUERY': [
    '',
    'IN/EXISTS predicate subqueries can only be used in filters, joins, aggregations, window functions, projections, and UPDATE/MERGE/DELETE commands:\n<treeNode>',
  ],
  UNRESOLVED_ALL_IN_GROUP_BY: [
    '42803',
    'Cannot infer grouping columns for GROUP BY ALL based on the select clause. Please explicitly specify the grouping columns.',
  ],
  RECURSION_LEVEL_LIMIT_EXCEEDED: [
    '42836',
    "Recursion level limit <levelLimit> reached but query has not exhausted, try increasing it like 'WITH RECURSIVE t(col) MAX RECURSION LEVEL 200'.",
  ],
  UNION_NOT_SUPPORTED_IN_RECURSIVE_CTE: [
    '42836',
    'The UNION operator is not yet supported within recursive common table expressions (WITH clauses that refer to themselves, directly or indirectly). Please use UNION ALL instead.',
  ],
  WINDOW_FUNCTION_FRAME_NOT_ORDERED: [
    '42601',
    'Window function <wf_name> requires the window to be ordered. You need to add an ORDER BY clause. For example: SELECT <wf_expr> OVER (PARTITION BY window_partition ORDER BY window_ordering) FROM table.',
  ],
  'UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.AGGREGATE_FUNCTION_MIXED_OUTER_LOCAL_REFERENCES': [
    '',
    'Found an aggregate function in a correlated predicate that has both outer and local references, which is not supported: <function>.',
  ],
  'UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.ACCESSING_OUTER_QUERY_COLUMN_IS_NOT_ALLOWED': [
    '',
    'Accessing outer query column is not allowed in this location:\n<treeNode>',
  ],
  'UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.UNSUPPORTED_CORRELATED_SCALAR_SUBQUERY': [
    '',
    'Correlated scalar subqueries can only be used in filters, aggregations, projections, and UPDATE/MERGE/DELETE commands:\n<treeNode>',
  ],
  'UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.CORRELATED_REFERENCE': [
    '',
    'Expressions referencing the outer query are not supported outside of WHERE/HAVING clauses: <sqlExprs>.',
  ],
};
