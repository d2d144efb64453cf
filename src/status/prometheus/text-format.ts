// Prometheus' text format 0.0.4: families with HELP and TYPE, all samples of a family together, label values escaped. Source:
// prometheus.io/docs/instrumenting/exposition_formats.
import { javaText } from '../rest/java-json.ts';

export const PROMETHEUS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export type Sample = { readonly labels: readonly (readonly [string, string])[]; readonly value: number };
export type Family = {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  readonly samples: readonly Sample[];
  /** Print whole values as `1.0`, as Spark does for this one. */
  readonly double?: boolean;
};

export function prometheusText(families: readonly Family[]): string {
  return families
    .filter((family) => family.samples.length > 0)
    .map((family) => {
      const lines = family.samples.map(
        ({ labels, value }) => `${family.name}${labelText(labels)} ${valueText(value, family.double === true)}`,
      );
      return `# HELP ${family.name} ${escapeHelp(family.help)}\n# TYPE ${family.name} ${family.type}\n${lines.join('\n')}\n`;
    })
    .join('');
}

const labelText = (labels: Sample['labels']): string =>
  labels.length === 0 ? '' : `{${labels.map(([name, value]) => `${name}="${escapeLabel(value)}"`).join(', ')}}`;
const escapeLabel = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
const escapeHelp = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');

function valueText(value: number, double: boolean): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  return double ? javaText(value) : String(value);
}

/** A name's characters: letters, digits, `_`; others become `_`. */
export const metricName = (text: string): string => text.replace(/[^a-zA-Z0-9_]/g, '_');
