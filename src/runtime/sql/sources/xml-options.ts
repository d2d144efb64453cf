// Options of XML files as the JavaScript functions take them. Source: XmlOptions of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import type { SessionSettings } from '../functions/spec.ts';
import { defaultCorruptColumn } from './csv-options.ts';

/** The time zone, and options with names in lower case, as JSON. @throws AnalysisException XML_ROW_TAG_MISSING */
export function xmlOptions(given: Readonly<Record<string, string>>, settings: SessionSettings): [zone: string, options: string] {
  const options: Record<string, string> = { columnnameofcorruptrecord: defaultCorruptColumn(settings) };
  for (const [key, value] of Object.entries(given)) options[key.toLowerCase()] = value;
  if ((options.rowtag ?? '') === '') throw new AnalysisException('XML_ROW_TAG_MISSING', { rowTag: '`rowTag`' });
  return [options.timezone ?? settings.timeZone, JSON.stringify(options)];
}
