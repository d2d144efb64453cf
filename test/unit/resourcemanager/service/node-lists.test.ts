// Which nodes may be in the cluster: the files of include-path and exclude-path.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NodeLists } from '../../../../src/resourcemanager/service/node-lists.ts';

describe('NodeLists', () => {
  let dir: string;
  let include: string;
  let exclude: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'el-nodes-'));
    [include, exclude] = [join(dir, 'include'), join(dir, 'exclude')];
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));
  const at = (nodeId: string, host = nodeId.split(':')[0]!) => ({ nodeId, host });

  it('lets all in without files, and with an empty include file', async () => {
    const none = new NodeLists({ include: undefined, exclude: undefined });
    await none.read();
    expect(none.refusal(at('h:n1'))).toBeUndefined();
    writeFileSync(include, '# nobody yet\n');
    const empty = new NodeLists({ include, exclude: undefined });
    await empty.read();
    expect(empty.refusal(at('h:n1'))).toBeUndefined();
  });

  it('takes ids and hosts, and says which file refuses', async () => {
    writeFileSync(include, 'a\nb:n1 # only this one\n');
    writeFileSync(exclude, ' a:n2\n\n');
    const lists = new NodeLists({ include, exclude });
    await lists.read();
    expect(lists.refusal(at('a:n1'))).toBeUndefined();
    expect(lists.refusal(at('b:n1'))).toBeUndefined();
    expect(lists.refusal(at('b:n2'))).toBe(`it is not in ${include} (yarn.resourcemanager.nodes.include-path)`);
    expect(lists.refusal(at('a:n2'))).toBe(`it is in ${exclude} (yarn.resourcemanager.nodes.exclude-path)`);
  });

  it('keeps both lists when one can not be read', async () => {
    writeFileSync(exclude, 'a\n');
    const lists = new NodeLists({ include, exclude });
    await expect(lists.read()).rejects.toThrow(`The list of nodes ${include} can't be read`);
    expect(lists.refusal(at('a:n1'))).toBeUndefined();
    writeFileSync(include, 'a\n');
    await lists.read();
    expect(lists.refusal(at('a:n1'))).toContain('exclude-path');
  });
});
