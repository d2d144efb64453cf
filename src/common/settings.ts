// The daemons' settings: texts by name, each with the place it came from, read by key with its unit. Pure: the file is read by
// platform/conf-file.ts. Frozen once made; nobody reads the environment or YAML below main.ts.
import { KEYS } from './config-keys.ts';
import { SETTING_PATTERNS } from './config-keys-security.ts';
import { AppError } from './errors.ts';
import { checkValue, type Key, parseValue, type Unit, type ValueOf } from './key.ts';
import { nearest } from './suggest.ts';

export type Setting = {
  readonly name: string;
  readonly value: string;
  readonly where: string;
  readonly line: number;
  /** From a file that was written for YARN: what is not known here is left out, and told. */
  readonly forYarn?: boolean;
};

const KNOWN: ReadonlyMap<string, Key> = new Map(Object.values(KEYS).map((k) => [k.name, k as Key]));
/** Names with a part that the user makes up, written `yarn.resourcemanager.address.<rm-id>`. */
const FAMILIES: readonly (readonly [prefix: string, key: Key])[] = [...KNOWN.values()].flatMap((k) => {
  const at = k.name.indexOf('<');
  return at < 0 ? [] : [[k.name.slice(0, at), k] as const];
});
const familyOf = (name: string): Key | undefined =>
  FAMILIES.find(([prefix]) => name.startsWith(prefix) && name.length > prefix.length)?.[1];

export class Settings {
  readonly #entries: ReadonlyMap<string, Setting>;
  /** What a file for YARN says and nothing here listens to. */
  readonly withoutEffect: readonly Setting[];

  /**
   * @param entries later ones win
   * @throws AppError CONFIG_UNKNOWN_KEY with a suggestion, CONFIG_BAD_VALUE: a daemon does not start on settings it does not understand
   */
  constructor(entries: Iterable<Setting> = []) {
    const all = new Map<string, Setting>();
    const withoutEffect: Setting[] = [];
    for (const entry of entries) {
      const known = KNOWN.get(entry.name) ?? familyOf(entry.name);
      if (known === undefined && SETTING_PATTERNS.some((pattern) => pattern.test(entry.name))) {
        all.set(entry.name, entry);
        continue;
      }
      if (known === undefined && entry.forYarn) {
        withoutEffect.push(entry);
        continue;
      }
      if (known === undefined)
        throw new AppError('CONFIG_UNKNOWN_KEY', {
          key: entry.name,
          file: entry.where,
          line: entry.line,
          meant: nearest(entry.name, KNOWN.keys()),
        });
      if (entry.forYarn && entry.value === '' && known.unit !== 'text' && known.unit !== 'list') continue; // says nothing, as in YARN
      if (entry.forYarn && entry.value.includes('${'))
        throw new AppError('CONFIG_BAD_VALUE', {
          key: entry.name,
          value: entry.value,
          expected: 'a value in which every ${…} is set in the same file',
          where: `${entry.where}:${entry.line}`,
        });
      checkValue(known, entry.value, `${entry.where}:${entry.line}`);
      all.set(entry.name, entry);
    }
    this.#entries = all;
    this.withoutEffect = withoutEffect;
  }

  /** @returns the value, the key's fallback, or undefined when there is neither */
  get<U extends Unit>(key: Key<U>): ValueOf<U> | undefined {
    const entry = this.#entries.get(key.name);
    if (entry !== undefined) return parseValue(key, entry.value, `${entry.where}:${entry.line}`);
    return key.fallback === undefined ? undefined : parseValue(key, key.fallback, 'default');
  }

  /** Those whose name begins so: for settings with a name in their name. */
  beginningWith(prefix: string): Setting[] {
    return [...this.#entries.values()].filter(({ name }) => name.startsWith(prefix));
  }

  /** As it stands in the file, blanks and all: a leading one means something in an access list. */
  raw(key: Key): string | undefined {
    return this.#entries.get(key.name)?.value ?? key.fallback;
  }

  /** `file:line` of what is set, undefined for what is not. */
  whereSet(key: Key): string | undefined {
    const entry = this.#entries.get(key.name);
    return entry && `${entry.where}:${entry.line}`;
  }

  /** Of a key whose name ends in `<…>`: the one of that name. */
  getFor<U extends Unit>(key: Key<U>, id: string): ValueOf<U> | undefined {
    const name = `${key.name.slice(0, key.name.indexOf('<'))}${id}`;
    return this.get({ ...key, name });
  }

  /** What was set, as text, and where; undefined: nothing was. */
  entry(key: Key): Setting | undefined {
    return this.#entries.get(key.name);
  }

  /** For keys that have a fallback. */
  need<U extends Unit>(key: Key<U>): ValueOf<U> {
    const value = this.get(key);
    if (value === undefined) throw new AppError('CONFIG_BAD_VALUE', { key: key.name, value: '', expected: 'a value', where: 'settings' });
    return value;
  }
}
