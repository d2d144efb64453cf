// The door from the driver to what its page needs: dist/ui.cjs in an installation, the source itself beside sources.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { UiModule } from './driver/service/driver-host.ts';

export async function loadUi(): Promise<UiModule> {
  if (!import.meta.filename.endsWith('.ts')) return createRequire(import.meta.url)(join(import.meta.dirname, 'ui.cjs')) as UiModule;
  // Not a literal: the bundler would put it all into the runtime's bundle.
  const source = './driver/service/ui-app.ts';
  return (await import(source)) as UiModule;
}
