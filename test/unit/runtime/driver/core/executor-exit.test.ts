import { describe, expect, it } from 'vitest';
import { lossText } from '../../../../../src/runtime/driver/core/executor-exit.ts';

describe('why an executor was lost', () => {
  const cut = 'closed by the other side';

  it('is the connection when its process ended by itself because of it', () => {
    expect(lossText({ exitStatus: 0, diagnostics: '' }, cut)).toBe(
      'Remote RPC client disassociated: its connection was lost (closed by the other side). Container exited with status 0',
    );
  });

  it('is what ended the process when something did', () => {
    expect(lossText({ exitStatus: 137, diagnostics: 'killed' }, cut)).toBe('Container exited with status 137. Diagnostics: killed');
    expect(lossText({ exitStatus: 0, diagnostics: '' }, undefined)).toBe('Container exited with status 0');
  });
});
