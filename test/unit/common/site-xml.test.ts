import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KEYS } from '../../../src/common/config-keys.ts';
import { Settings } from '../../../src/common/settings.ts';
import { siteProperties, withoutEffectText } from '../../../src/common/site-xml.ts';
import { readConfFile, tellWithoutEffect } from '../../../src/platform/conf-file.ts';

const xml = (...properties: [name: string, value: string][]) =>
  `<?xml version="1.0"?>\n<configuration>\n${properties.map(([n, v]) => `<property><name>${n}</name><value>${v}</value></property>`).join('\n')}\n</configuration>\n`;

describe('siteProperties', () => {
  it('names, values, lines; the last of a name counts; ${…} of the same file; final and description say nothing', () => {
    const text = `<configuration>
<property><name>a</name><value> 1 </value><final>true</final><description>x</description></property>
<property><name>h</name><value>rm</value></property>
<property><name>b</name><value>\${h}:8032 \${nowhere}</value></property>
<property><name>a</name><value>2</value></property>
<property><name>silent</name></property>
</configuration>`;
    expect(siteProperties(text)).toEqual({
      properties: [
        { name: 'h', value: 'rm', line: 3 },
        { name: 'b', value: 'rm:8032 ${nowhere}', line: 4 },
        { name: 'a', value: '2', line: 5 },
      ],
    });
  });

  it('a circle ends', () => {
    expect(siteProperties(xml(['a', '${b}'], ['b', '${a}'])).properties).toHaveLength(2);
  });

  it.each([
    ['<properties/>', 1, 'expected <configuration>, not <properties>'],
    ['<configuration>\n<xi/></configuration>', 2, 'expected <property>, not <xi>'],
    ['<configuration>\n\n<property><value>1</value></property></configuration>', 3, 'a <property> has no <name>'],
    ['<configuration>\n<property>', 2, '<property> of line 2 is not closed'],
  ])('a fault has its line: %s', (text, line, detail) => {
    expect(siteProperties(text).fault).toEqual({ line, detail });
  });

  it('one warning names all that has no effect', () => {
    expect(withoutEffectText('f', [])).toBeUndefined();
    expect(withoutEffectText('f', [{ name: 'a', line: 3 }])).toContain('f: one property has no effect here: a (line 3).');
    expect(
      withoutEffectText('f', [
        { name: 'a', line: 3 },
        { name: 'b', line: 9 },
      ]),
    ).toContain('2 properties have no effect here: a (line 3), b (line 9)');
  });
});

describe('yarn-site.xml beside emberloom.yaml', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'em-site-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const site = (...properties: [string, string][]) => writeFileSync(join(folder, 'yarn-site.xml'), xml(...properties));
  const read = async () => new Settings(await readConfFile(join(folder, 'emberloom.yaml')));

  it('is honoured, emberloom.yaml above it; what is not known is told, not refused', async () => {
    site(
      ['yarn.resourcemanager.hostname', 'rm1'],
      ['yarn.nodemanager.vmem-check-enabled', 'true'],
      ['yarn.acl.enable', 'false'],
      ['yarn.acl.enabel', 'x'],
    );
    writeFileSync(join(folder, 'emberloom.yaml'), 'yarn.acl.enable: true\n');
    const settings = await read();
    expect(settings.get(KEYS.rmHostname)).toBe('rm1');
    expect(settings.get(KEYS.aclEnable)).toBe(true);
    const told: string[] = [];
    const logger = { debug() {}, info() {}, error() {}, warn: (text: string) => told.push(text), named: () => logger };
    tellWithoutEffect(settings, logger);
    expect(told).toEqual([
      `${join(folder, 'yarn-site.xml')}: 2 properties have no effect here: yarn.nodemanager.vmem-check-enabled (line 4), yarn.acl.enabel (line 6). docs/COMING-FROM-YARN.md says what is there instead.`,
    ]);
  });

  it('a wrong value is refused with file and line, and so is one whose ${…} nobody set', async () => {
    site(['yarn.acl.enable', 'maybe']);
    await expect(read()).rejects.toMatchObject({ code: 'CONFIG_BAD_VALUE', message: expect.stringContaining('yarn-site.xml:3') });
    site(['yarn.nodemanager.local-dirs', '${hadoop.tmp.dir}/local']);
    await expect(read()).rejects.toMatchObject({ code: 'CONFIG_BAD_VALUE', message: expect.stringContaining('set in the same file') });
    writeFileSync(join(folder, 'yarn-site.xml'), '<configuration>');
    await expect(read()).rejects.toMatchObject({ code: 'CONFIG_BAD_FILE', message: expect.stringContaining('line 1') });
  });

  it("every default of YARN 3.5's own yarn-default.xml is taken", async () => {
    const defaults = readFileSync(join(import.meta.dirname, '../../fixtures/yarn-3.5/yarn-default.tsv'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t') as [string, string]);
    site(...defaults, ['hadoop.tmp.dir', '/tmp/h'], ['yarn.log.dir', '/tmp/l']);
    const settings = await read();
    expect(settings.get(KEYS.rmAddress)).toBe('0.0.0.0:8032');
    expect(settings.withoutEffect.length).toBeGreaterThan(500);
  });
});

describe('numbers of daemons', () => {
  it.each([
    ['yarn.resourcemanager.max-completed-applications', '-1', false],
    ['yarn.nm.liveness-monitor.expiry-interval-ms', '0', false],
    ['yarn.nodemanager.resource.memory-mb', '-5', false],
    // YARN's words for "find out" and "for ever".
    ['yarn.nodemanager.resource.memory-mb', '-1', true],
    ['yarn.log-aggregation.retain-seconds', '-1', true],
  ])('%s: %s', (name, value, taken) => {
    const made = () => new Settings([{ name, value, where: 'f', line: 1 }]);
    if (taken) expect(made).not.toThrow();
    else expect(made).toThrow(/or more/);
  });
});
