// A strict reader of Prometheus' text format 0.0.4, for tests: every family has HELP and TYPE before its samples, samples of a family stand
// together, names and labels are well formed, no sample is there twice.
export type ParsedFamily = { type: string; help: string; samples: { labels: Record<string, string>; value: number; text: string }[] };

/** @throws Error with the line's number */
export function parsePrometheus(text: string): Map<string, ParsedFamily> {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const families = new Map<string, ParsedFamily>();
  const seen = new Set<string>();
  let current: { name: string; help: string | undefined; type: string | undefined } | undefined;
  text
    .slice(0, -1)
    .split('\n')
    .forEach((line, i) => {
      const fail = (why: string): never => {
        throw new Error(`line ${i + 1}: ${why}: ${line}`);
      };
      const help = /^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$/.exec(line);
      if (help) {
        if (families.has(help[1]!)) fail('a family a second time');
        current = { name: help[1]!, help: help[2]!, type: undefined };
        return;
      }
      const type = /^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram|summary|untyped)$/.exec(line);
      if (type) {
        if (current === undefined || current.name !== type[1] || current.type !== undefined) fail('TYPE without its HELP');
        current!.type = type[2]!;
        families.set(type[1]!, { type: type[2]!, help: current!.help!, samples: [] });
        return;
      }
      const sample = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (NaN|[+-]Inf|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)$/.exec(line);
      if (sample === null) return fail('neither comment nor sample');
      const [, name, inside, value] = sample;
      if (current?.name !== name || current?.type === undefined) fail('a sample outside its family');
      const labels = parseLabels(inside ?? '', fail);
      const key = `${name}${JSON.stringify(Object.entries(labels).sort())}`;
      if (seen.has(key)) fail('a sample a second time');
      seen.add(key);
      families.get(name!)!.samples.push({ labels, value: Number(value!.replace('Inf', 'Infinity')), text: value! });
    });
  return families;
}

function parseLabels(inside: string, fail: (why: string) => never): Record<string, string> {
  const labels: Record<string, string> = {};
  let rest = inside;
  while (rest !== '') {
    const label = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(?:, ?|$)/.exec(rest);
    if (label === null) return fail('a bad label');
    if (label[1]! in labels) fail('a label a second time');
    labels[label[1]!] = label[2]!.replace(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c));
    rest = rest.slice(label[0].length);
  }
  return labels;
}
