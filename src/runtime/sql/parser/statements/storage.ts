// USING provider, STORED AS format, STORED BY handler: how a table's data lies.
import type { Cursor } from '../cursor.ts';
import { identifier, multipartIdentifier } from '../identifiers.ts';
import { propertyList } from '../properties.ts';
import { stringLiteral } from '../strings.ts';

export const tableProvider = (p: Cursor): string[] | undefined => (p.accept('USING') ? multipartIdentifier(p) : undefined);

export type FileFormat = {
  readonly format?: string;
  readonly inputFormat?: string;
  readonly outputFormat?: string;
  readonly handler?: string;
};

/** @returns undefined when none comes next */
export function fileFormat(p: Cursor): FileFormat | undefined {
  if (p.accept('STORED', 'BY')) {
    const handler = stringLiteral(p);
    if (p.accept('WITH', 'SERDEPROPERTIES')) propertyList(p);
    return { handler };
  }
  if (!p.accept('STORED', 'AS')) return undefined;
  if (!p.accept('INPUTFORMAT')) return { format: identifier(p) };
  const inputFormat = stringLiteral(p);
  p.expect('OUTPUTFORMAT');
  return { inputFormat, outputFormat: stringLiteral(p) };
}
