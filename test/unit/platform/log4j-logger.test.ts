import { describe, expect, it } from 'vitest';
import { Log4jLogger } from '../../../src/platform/log4j-logger.ts';

const ID = 'application_1795577402773_0001';

function written(context: Record<string, string>, json: boolean, ...messages: string[]): string[] {
  const lines: string[] = [];
  const logger = new Log4jLogger({ write: (text: string) => lines.push(text) }, 'Client', { level: 'INFO', json, context });
  for (const message of messages) logger.info(message);
  return lines.map((line) => line.replace(/^\d\d\/\d\d\/\d\d \d\d:\d\d:\d\d /, ''));
}

describe('log lines', () => {
  it('say the id of a cluster application, once, at the end of the first line', () => {
    expect(
      written({ app_id: ID }, false, 'Got job 0', 'Lost task\n  at job.ts:3', `Submitted application ${ID}`, '\n\t client token: N/A'),
    ).toEqual([
      `INFO Client: Got job 0 [${ID}]\n`,
      `INFO Client: Lost task [${ID}]\n  at job.ts:3\n`,
      `INFO Client: Submitted application ${ID}\n`,
      'INFO Client: \n\t client token: N/A\n',
    ]);
  });

  it('are not forged by what users wrote, and give a terminal no orders', () => {
    const evil = 'name\n26/11/22 12:59:50 INFO ResourceManager: all is well\r\u001b[2J\u009b1m\u0007';
    expect(written({}, false, evil)).toEqual([
      'INFO Client: name\n    26/11/22 12:59:50 INFO ResourceManager: all is well\\x0d\\x1b[2J\\x9b1m\\x07\n',
    ]);
    expect(written({}, true, evil)[0]!.split('\n').length).toBe(2);
  });

  it('stay as they are before there is an id, and for a local application', () => {
    expect(written({}, false, 'a')).toEqual(['INFO Client: a\n']);
    expect(written({ app_id: 'local-1' }, false, 'a')).toEqual(['INFO Client: a\n']);
  });

  it('have it as Spark 4 names it in JSON', () => {
    const [line] = written({ app_id: ID }, true, 'a');
    expect(JSON.parse(line!)).toMatchObject({ level: 'INFO', msg: 'a', context: { app_id: ID }, logger: 'Client' });
  });

  it('take level and form of the driver in executors', () => {
    const lines: string[] = [];
    const logger = new Log4jLogger({ write: (text: string) => lines.push(text) }, 'Executor');
    logger.configure(ID, 'WARN', new Map([['spark.log.structuredLogging.enabled', 'true']]));
    logger.info('not shown');
    logger.named('Task').warn('shown');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ msg: 'shown', logger: 'Task', context: { app_id: ID } }]);
  });
});
