// Access control lists in YARN's notation: `user1,user2 group1,group2`. A `*` is everybody; a blank is nobody; a list that begins
// with a blank names groups only. Source: org.apache.hadoop.security.authorize.AccessControlList.

export type Caller = { readonly user: string; readonly groups: readonly string[] };
export type AccessList = { readonly all: boolean; readonly users: ReadonlySet<string>; readonly groups: ReadonlySet<string> };

const names = (text: string): Set<string> =>
  new Set(
    text
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  );

export const NOBODY: AccessList = { all: false, users: new Set(), groups: new Set() };
export const EVERYBODY: AccessList = { all: true, users: new Set(), groups: new Set() };

/** Blanks around the commas of the users are taken for part of the list, as far as YARN does: the first blank ends the users. */
export function accessList(text: string): AccessList {
  if (text.trim() === '*' || /(^|[\s,])\*([\s,]|$)/.test(text)) return EVERYBODY;
  const tidy = text.replace(/\s*,\s*/g, ',');
  const [, users = '', groups = ''] = /^(\S*)\s*(.*)$/.exec(tidy) ?? [];
  return { all: false, users: names(users), groups: names(groups) };
}

export const grants = (list: AccessList, { user, groups }: Caller): boolean =>
  list.all || list.users.has(user) || groups.some((group) => list.groups.has(group));
