// Who asks over HTTP, and what other sites can't make a browser do. Through fastify's inject: no socket, all of the hooks.
import { describe, expect, it } from 'vitest';
import { onlySecret } from '../../../src/common/secrets.ts';
import { Settings } from '../../../src/common/settings.ts';
import { httpToken, userSecret } from '../../../src/rpc/user-secret.ts';
import { secureAuthentication } from '../../../src/web/secure-authentication.ts';
import { webApp } from '../../../src/web/web-app.ts';

const SECRET = 'c'.repeat(64);
const quiet = { debug() {}, info() {}, warn() {}, error() {}, named: () => quiet };
const alices = `alice:${httpToken(userSecret(SECRET, 'alice', 2), 'alice')}`;

function server(settings: Record<string, string> = {}) {
  const conf = new Settings(Object.entries(settings).map(([name, value]) => ({ name, value, where: 'test', line: 1 })));
  const generationOf = (user: string) => (user === 'alice' ? 2 : undefined);
  const app = webApp({
    authenticate: secureAuthentication({ settings: conf, secrets: onlySecret(SECRET), generationOf }),
    logger: quiet,
    hostPort: '127.0.0.1:8088',
    settings: conf,
  });
  for (const method of ['GET', 'PUT'] as const)
    app.route({ method, url: '/who', handler: (request, reply) => reply.send(request.webUser) });
  app.get('/page', (_, reply) => reply.type('text/html').send('<p>hello'));
  return {
    ask: (method: 'GET' | 'PUT' | 'OPTIONS', url: string, headers: Record<string, string> = {}, remoteAddress = '127.0.0.1') =>
      app.inject({ method, url, headers: { host: '127.0.0.1:8088', ...headers }, remoteAddress }),
  };
}

describe('who asks', () => {
  it('is dr.who without a token, who may look and not touch, whatever user.name says', async () => {
    const { ask } = server();
    for (const url of ['/who', '/who?user.name=root'])
      expect((await ask('GET', url)).json()).toEqual({ user: 'dr.who', real: 'dr.who', trusted: false, ip: '127.0.0.1', readOnly: true });
  });

  it('is whoever the token is of: of a user, or with the cluster’s secret of anybody', async () => {
    const { ask } = server();
    expect((await ask('GET', '/who', { authorization: `Bearer ${alices}` })).json()).toMatchObject({ user: 'alice', trusted: false });
    const root = `root:${httpToken(SECRET, 'root')}`;
    expect((await ask('GET', '/who', { authorization: `Bearer ${root}` })).json()).toMatchObject({ user: 'root', trusted: true });
  });

  it.each([
    ['of an older generation', `alice:${httpToken(userSecret(SECRET, 'alice', 1), 'alice')}`],
    ['of somebody without a secret', `bob:${httpToken(userSecret(SECRET, 'bob', 1), 'bob')}`],
    ['of another name', alices.replace('alice', 'root')],
    ['that is none', 'nonsense'],
    ['cut short', alices.slice(0, -1)],
  ])('refuses a token %s', async (_, token) => {
    const answer = await server().ask('GET', '/who', { authorization: `Bearer ${token}` });
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toMatchObject({ RemoteException: { exception: 'AuthenticationException' } });
  });

  it('takes a token out of a page’s address into a cookie that scripts and other sites can’t use', async () => {
    const { ask } = server({ 'emberloom.http.anonymous': 'none' });
    const answer = await ask('GET', `/page?a=1&emberloom.token=${encodeURIComponent(alices)}`);
    expect([answer.statusCode, answer.headers.location]).toEqual([302, '/page?a=1']);
    const cookie = String(answer.headers['set-cookie']);
    expect(cookie).toMatch(/; Path=\/; HttpOnly; SameSite=Strict$/);
    expect((await ask('GET', '/who', { cookie: cookie.split(';')[0]! })).json()).toMatchObject({ user: 'alice' });
    const elsewhere = await ask('GET', `//evil.example/page?emberloom.token=x`);
    expect(elsewhere.headers.location).toBe('/evil.example/page');
  });

  it('needs a token where nobody may look without one', async () => {
    expect((await server({ 'emberloom.http.anonymous': 'none' }).ask('GET', '/who')).statusCode).toBe(401);
  });

  it('is whom a trusted proxy names, and nobody else’s header is believed', async () => {
    const { ask } = server({ 'emberloom.http.trusted-proxies': '10.0.0.9' });
    const headers = { 'x-forwarded-user': 'carol' };
    expect((await ask('GET', '/who', headers, '10.0.0.9')).json()).toMatchObject({ user: 'carol', trusted: false });
    expect((await ask('GET', '/who', { ...headers, 'x-forwarded-for': '10.0.0.9' }, '10.0.0.8')).json()).toMatchObject({ user: 'dr.who' });
    expect((await ask('GET', '/who', {}, '10.0.0.9')).json()).toMatchObject({ user: 'dr.who', readOnly: true });
  });

  it('is whoever user.name says where that is believed (simple), else dr.who who may look', async () => {
    const { ask } = server({ 'hadoop.http.authentication.type': 'simple' });
    expect((await ask('GET', '/who?user.name=bob')).json()).toEqual({ user: 'bob', real: 'bob', trusted: true, ip: '127.0.0.1' });
    expect((await ask('GET', '/who')).json()).toMatchObject({ user: 'dr.who', readOnly: true });
    expect((await ask('GET', '/who?user.name=a%0Ab')).statusCode).toBe(401);
  });
});

describe('a request that another site makes a browser send', () => {
  const browser = { 'user-agent': 'Mozilla/5.0' };
  it.each([
    ['a program', {}, 200],
    ['a browser without the header', browser, 400],
    ['a browser with the header', { ...browser, 'x-xsrf-header': '1' }, 200],
    ['a page of ours', { ...browser, origin: 'http://127.0.0.1:8088' }, 200],
    ['a page of another site', { ...browser, origin: 'http://evil.example' }, 400],
    ['a page of another port', { ...browser, origin: 'http://127.0.0.1:9999' }, 400],
    ['a page without an origin', { ...browser, origin: 'null' }, 400],
    ['a page of another site that hides its browser', { 'user-agent': 'x', origin: 'http://evil.example' }, 400],
  ])('%s: %j → %i', async (_, headers, expected) => {
    expect((await server().ask('PUT', '/who', headers)).statusCode).toBe(expected);
  });

  it('may look, as YARN’s filter lets it; but can’t read the answer', async () => {
    const answer = await server().ask('GET', '/who', { ...browser, origin: 'http://evil.example' });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('may read and write from the origins that are allowed', async () => {
    const { ask } = server({
      'yarn.resourcemanager.webapp.cross-origin.enabled': 'true',
      'hadoop.http.cross-origin.allowed-origins': 'https://a.example',
    });
    const answer = await ask('OPTIONS', '/who', { origin: 'https://a.example', 'access-control-request-method': 'PUT' });
    expect([answer.statusCode, answer.headers['access-control-allow-origin']]).toEqual([204, 'https://a.example']);
    expect((await ask('PUT', '/who', { ...browser, origin: 'https://a.example' })).statusCode).toBe(200);
    expect((await ask('PUT', '/who', { ...browser, origin: 'https://b.example' })).statusCode).toBe(400);
  });
});

describe('all answers', () => {
  it('can’t be framed, sniffed, or run scripts from elsewhere', async () => {
    const { headers } = await server({ 'yarn.resourcemanager.webapp.xfs-filter.xframe-options': 'DENY' }).ask('GET', '/page');
    expect(headers).toMatchObject({ 'x-frame-options': 'DENY', 'x-content-type-options': 'nosniff' });
    expect(headers['content-security-policy']).toContain("default-src 'self'");
  });
});
