import { describe, expect, it } from 'vitest';
import { baseOf, placeOf } from '../../../../src/status/pages/page-routes.ts';

describe('placeOf', () => {
  it.each([
    ['/jobs/', '', undefined, undefined, '/jobs/'],
    ['/stages/stage', '', undefined, undefined, '/stages/stage/'],
    ['/proxy/application_1_0001/stages/stage/', '/proxy/application_1_0001', undefined, undefined, '/stages/stage/'],
    ['/history/app-1/jobs/', '', 'app-1', undefined, '/jobs/'],
    ['/history/application_1_0001/2/jobs/job/', '', 'application_1_0001', '2', '/jobs/job/'],
    ['/logs/history/app%2F1/executors', '/logs', 'app/1', undefined, '/executors/'],
    ['/history/app-1/nothing/', '', 'app-1', undefined, undefined],
    ['/compare/', '', undefined, undefined, '/compare/'],
    ['/', '', undefined, undefined, '/'],
  ])('%s', (path, root, appId, attemptId, page) => {
    const place = placeOf(path);
    expect(place).toEqual({ root, appId, attemptId, page });
  });
  it('and back', () => {
    expect(baseOf(placeOf('/history/application_1_0001/2/jobs/job/'))).toBe('/history/application_1_0001/2');
    expect(baseOf(placeOf('/proxy/a/jobs/'))).toBe('/proxy/a');
  });
});
