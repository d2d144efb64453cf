import { describe, expect, it } from 'vitest';
import { exitDiagnostics, killedText, memoryDiagnostics, sizeText, stamp } from '../../../../src/nodemanager/core/exit-status.ts';
import { containerOf } from '../../../helpers/fake-resource-manager.ts';

const ID = containerOf(1);
const AT = Date.UTC(2026, 10, 22, 13, 34, 32, 905);

describe("ends in YARN's words", () => {
  it('has the stamp and the sentence of a real YARN 3.5', () => {
    const use = { pid: 7144, rssBytes: 1_297_784_832, vmBytes: 4_326_531_072, limitBytes: 1024 ** 3, tree: '\t|- tree\n' };
    const [first, dump, line] = memoryDiagnostics(ID, use, AT).split('\n');
    // Where YARN goes on with virtual memory of a limit, there is none here.
    expect(first).toBe(
      `[2026-11-22 13:34:32.905]Container [pid=7144,containerID=${ID}] is running 224043008B beyond the 'PHYSICAL' memory limit. Current usage: 1.2 GB of 1 GB physical memory used; 4.0 GB of virtual memory used. Killing container.`,
    );
    expect(dump).toBe(`Dump of the process-tree for ${ID} :`);
    expect(line).toBe('\t|- tree');
    const largest = { pid: 7150, command: 'python3', rssBytes: 973_338_624 };
    expect(memoryDiagnostics(ID, { ...use, largest }, AT).split('\n')[3]).toBe(
      'The largest process of it is 7150 (python3) with 928.2 MB, 75 % of what is used.',
    );
    expect(memoryDiagnostics(ID, { ...use, largest: { ...largest, pid: 7144 } }, AT)).not.toContain('largest process');
    expect(killedText(143, AT)).toBe(
      '[2026-11-22 13:34:32.905]Container killed on request. Exit code is 143\n[2026-11-22 13:34:32.905]Container exited with a non-zero exit code 143. ',
    );
  });

  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1 KB'],
    [331_350_016, '316 MB'],
    [331_400_000, '316.0 MB'],
    [1024 ** 3, '1 GB'],
    [1_297_784_832, '1.2 GB'],
    [2 * 1024 ** 4, '2 TB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(sizeText(bytes)).toBe(text);
  });

  it('shows the end of stderr when a container failed, nothing when it did well', () => {
    expect(exitDiagnostics(ID, 0, AT, 'noise')).toBe('');
    expect(exitDiagnostics(ID, 3, AT, 'boom')).toBe(
      `Exception from container-launch.\nContainer id: ${ID}\nExit code: 3\n\n${stamp(AT)}Container exited with a non-zero exit code 3. \nLast 4096 bytes of stderr :\nboom\n`,
    );
    expect(exitDiagnostics(ID, 3, AT, '')).not.toContain('stderr');
  });
});
