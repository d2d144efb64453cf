import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readAllocationFile } from '../../../src/platform/allocation-file.ts';
import { fairPools } from '../../../src/runtime/driver/service/fair-pools.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'emberloom-pools-'));
afterAll(() => rmSync(folder, { recursive: true }));
const write = (name: string, text: string): string => {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
};
const lines: string[] = [];
const log = { debug() {}, info: (m: string) => lines.push(m), warn: (m: string) => lines.push(`WARN ${m}`), error() {}, named: () => log };
const pools = [
  { name: 'production', mode: 'FAIR', weight: 1, minShare: 2 },
  { name: 'test', mode: 'FIFO', weight: 2, minShare: 3 },
  { name: 'plain', mode: 'FIFO', weight: 1, minShare: 0 },
];

describe('an allocation file', () => {
  test('XML as Spark has it', async () => {
    const file = write(
      'fair.xml',
      `<?xml version="1.0"?>
<!-- a comment -->
<allocations>
  <pool name="production"><schedulingMode>FAIR</schedulingMode><weight>1</weight><minShare>2</minShare></pool>
  <pool name="test"><schedulingMode> fifo </schedulingMode><weight>2</weight><minShare>3</minShare></pool>
  <pool name="plain"/>
</allocations>`,
    );
    expect(fairPools(await readAllocationFile(file, folder), log)).toEqual(pools);
    expect(fairPools(await readAllocationFile(`file://${file}`, folder), log)).toEqual(pools);
  });

  test('the same as YAML', async () => {
    const file = write('fair.yaml', 'production: { schedulingMode: FAIR, minShare: 2 }\ntest:\n  weight: 2\n  minShare: 3\nplain:\n');
    expect(fairPools(await readAllocationFile(file, folder), log)).toEqual(pools);
  });

  test('found in the folder of settings; none is said', async () => {
    expect(await readAllocationFile(undefined, folder)).toBeUndefined();
    lines.length = 0;
    expect(fairPools(undefined, log)).toEqual([]);
    expect(lines[0]).toMatch(/^WARN Fair Scheduler configuration file not found/);
    write('fairscheduler.yaml', 'one: {}');
    expect((await readAllocationFile(undefined, folder))?.pools).toEqual([{ name: 'one', properties: {} }]);
    write('fairscheduler.xml', '<allocations/>');
    expect((await readAllocationFile(undefined, folder))?.pools).toEqual([]);
  });

  test('what is wrong with a pool is told, and its default used', async () => {
    const file = write('odd.yaml', 'odd: { schedulingMode: NONE, weight: 0, minShare: -1 }');
    lines.length = 0;
    expect(fairPools(await readAllocationFile(file, folder), log)).toEqual([{ name: 'odd', mode: 'FIFO', weight: 1, minShare: 0 }]);
    expect(lines.filter((line) => line.startsWith('WARN'))).toHaveLength(3);
  });

  test.each([
    ['broken.xml', '<allocations><pool name="a"></allocations>'],
    ['other.xml', '<pools/>'],
    ['nameless.xml', '<allocations><pool><weight>1</weight></pool></allocations>'],
    ['list.yaml', '- a\n- b'],
    ['broken.yaml', 'a: ['],
  ])('%s is refused with its name', async (name, text) => {
    await expect(readAllocationFile(write(name, text), folder)).rejects.toMatchObject({
      code: 'CONFIG_BAD_FILE',
      message: expect.stringContaining(name),
    });
  });

  test('one that is named and missing is an error', async () => {
    await expect(readAllocationFile(path.join(folder, 'none.xml'), folder)).rejects.toMatchObject({ code: 'CONFIG_BAD_FILE' });
  });
});
