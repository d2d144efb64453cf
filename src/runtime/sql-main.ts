// Where the SQL bundle begins: the engine and the kernel that it computes with.
export { duckdbKernels as kernels } from '../platform/duckdb.ts';
export { SqlEngine } from './sql/engine/sql-engine.ts';
export { parseDataType, parseExpression, parseMultipartIdentifier, parseTableSchema } from './sql/parser/parse.ts';
