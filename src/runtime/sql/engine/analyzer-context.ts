// What the analyser sees of a session: its names, settings and sources. The bodies of views and stored functions see it from where they were made.
import { analyze } from '../analysis/analyzer.ts';
import type { AnalyzerContext } from '../analysis/analysis.ts';
import type { NamePlace } from '../analysis/sql-function.ts';
import type { SqlKernel } from '../../../common/sql-kernel.ts';
import type { SessionSettings } from '../functions/spec.ts';
import { parseQuery } from '../parser/parse.ts';
import { parserOptionsOf } from '../parser/parser-options.ts';
import type { ProgramFunctions } from '../plan/user-function.ts';
import { requestOf } from '../sources/open-source.ts';
import { findTable, type Names, type ResolveView } from './find-table.ts';
import { planOfRows } from './plan-of-rows.ts';
import type { SessionVariables } from './session-variables.ts';
import { deferredPlan, type OpenSources } from './source-cache.ts';
import type { SqlFunctions } from './sql-functions.ts';
import type { SqlPorts } from './sql-ports.ts';

type Session = Names & {
  readonly settings: SessionSettings;
  readonly variables: SessionVariables;
  readonly program: ProgramFunctions;
  readonly functions: SqlFunctions;
  kernel(): Promise<SqlKernel>;
};

/** @param open views that are being resolved; @param place where names of a view or a function were meant */
export function analyzerContext(
  session: Session,
  ports: Pick<SqlPorts, 'conf' | 'nowMs'>,
  sources: OpenSources,
  open: readonly string[] = [],
  place?: Partial<NamePlace> & { readonly collation?: string },
): AnalyzerContext {
  const settings = place?.ansi === undefined ? session.settings : { ...session.settings, ansi: place.ansi };
  const path = session.catalog.pathOf(place);
  const resolveView: ResolveView = (text, of, opened) =>
    analyze(
      parseQuery(text, { ...parserOptionsOf(ports.conf), view: opened.at(-1)!.replaceAll('`', '') }),
      analyzerContext(session, ports, sources, opened, {
        namespace: of.namespace,
        ...(of.path && { path: of.path }),
        ...(of.collation && { collation: of.collation }),
      }),
    );
  return {
    settings,
    ...(place?.collation && { defaultCollation: place.collation }),
    findTable: (nameParts, options) => findTable(nameParts, options, session, { sources, resolveView, open, path }),
    openSource: (source) => sources.open(requestOf(source, settings)),
    deferred: (source) => deferredPlan(source, (rows) => planOfRows(rows, () => session.kernel())),
    findVariable: (nameParts) => session.variables.reference(nameParts),
    findUserFunction: session.program.find,
    findUserTableFunction: session.program.findTable,
    path,
    at: (of) => analyzerContext(session, ports, sources, open, of),
    findSqlFunction: (nameParts) => session.functions.find(nameParts),
    nowMicros: BigInt(ports.nowMs()) * 1000n,
  };
}
