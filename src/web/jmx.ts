// /jmx: beans with attributes, all or those that `qry` names (`Hadoop:service=ResourceManager,name=ClusterMetrics`, `*` at the end of a part stands for
// any), or one attribute with `get=bean::attribute`. Source: Hadoop's JMXJsonServlet.
import type { FastifyInstance } from 'fastify';
import { matchesWildcard } from '../common/wildcard.ts';
import { Query } from './query.ts';

export type Bean = { readonly name: string; readonly modelerType: string } & Readonly<Record<string, unknown>>;

export function jmxRoute(app: FastifyInstance, beans: () => Iterable<Bean>): void {
  app.get('/jmx', (request, reply) => {
    const query = new Query(request);
    reply.type('application/json; charset=utf8').header('access-control-allow-methods', 'GET');
    const get = query.text('get');
    if (get !== undefined) {
      const [name, attribute] = get.split('::', 2) as [string, string?];
      const bean = [...beans()].find((b) => sameName(b.name, name));
      if (attribute === undefined || attribute === '')
        return reply.send(pretty({ result: 'ERROR', message: 'query format is not as expected.' }));
      if (bean === undefined || !(attribute in bean))
        return reply.send(pretty({ beans: [], result: 'ERROR', message: `No attribute with name ${attribute} was found.` }));
      return reply.send(pretty({ beans: [{ name: bean.name, modelerType: bean.modelerType, [attribute]: bean[attribute] }] }));
    }
    const qry = query.text('qry');
    return reply.send(pretty({ beans: [...beans()].filter(({ name }) => qry === undefined || matches(name, qry)) }));
  });
}

const pretty = (body: unknown): string => JSON.stringify(body, null, 2);

/** `domain:key=value,…`: the order of the keys means nothing. */
function partsOf(name: string): { domain: string; keys: Map<string, string>; open: boolean } {
  const at = name.indexOf(':');
  const keys = new Map<string, string>();
  let open = at < 0;
  for (const part of at < 0 ? [] : name.slice(at + 1).split(',')) {
    if (part === '*') open = true;
    else keys.set(part.slice(0, Math.max(0, part.indexOf('='))), part.slice(part.indexOf('=') + 1));
  }
  return { domain: at < 0 ? name : name.slice(0, at), keys, open };
}

function matches(name: string, pattern: string): boolean {
  const [is, wanted] = [partsOf(name), partsOf(pattern.slice(0, 1_000))];
  if (!matchesWildcard(is.domain, wanted.domain)) return false;
  if (!wanted.open && wanted.keys.size !== is.keys.size) return false;
  return [...wanted.keys].every(([key, value]) => is.keys.has(key) && matchesWildcard(is.keys.get(key)!, value));
}

const sameName = (a: string, b: string): boolean => matches(a, b.replaceAll('*', ''));
