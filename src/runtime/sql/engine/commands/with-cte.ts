// WITH before INSERT: its names hold in the queries of the command. Source: CTESubstitution of Spark 4.2.
import type { Command } from '../../plan/commands.ts';
import type { Relation } from '../../plan/relations.ts';

/** The command alone, whose queries have the definitions. UPDATE, DELETE and MERGE are refused for other reasons. */
export function withDefinitions({ ctes, isRecursive, command }: Extract<Command, { kind: 'withCteCommand' }>): Command {
  const inside = (child: Relation): Relation => ({ kind: 'withCte', definitions: ctes, isRecursive, child });
  if (command.kind === 'insertInto' || command.kind === 'insertDirectory') return { ...command, query: inside(command.query) };
  if (command.kind === 'multiInsert') return { ...command, inserts: command.inserts.map((i) => ({ ...i, query: inside(i.query) })) };
  return command;
}
