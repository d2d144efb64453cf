// YARN's ApplicationSubmissionContextInfo as a submission of ours: any command as an application. The command is a shell line, as in YARN, run by
// bash in the container's work folder; it need not be an ApplicationMaster. Source: RMWebServices.createAppSubmissionContext, ContainerLaunch.expandEnvironment.
import { type ApplicationId, isApplicationId } from '../../common/ids.ts';
import { type Resource, resource } from '../../common/resource.ts';
import type { LaunchContext, LocalResource } from '../../rpc/messages/shapes.ts';
import { boolField, entriesField, fieldsOf, listField, textField, wholeField } from '../../web/body.ts';
import { badRequest } from '../../web/web-error.ts';
import { NO_RESERVATIONS } from './reservation-routes.ts';
import type { Submission } from '../core/records.ts';

export type SubmissionRequest = { readonly id: ApplicationId; readonly submission: Submission };
/** A file's size. @throws WebError 400 when it is not there or must not be given out */
export type SizeOf = (path: string, name: string) => Promise<number>;
type Fields = Readonly<Record<string, unknown>>;

const DEFAULT_RESOURCE = { memoryMb: 1024, vcores: 1 };
const ENV_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** @throws WebError 400 */
export async function submissionOf(body: unknown, user: string, most: Resource, sizeOf: SizeOf): Promise<SubmissionRequest> {
  const fields = fieldsOf(body);
  const id = textField(fields, 'application-id');
  if (id === undefined || id === '') throw badRequest("Application submission context doesn't contain an application-id.");
  if (!isApplicationId(id)) throw badRequest(`Could not parse application id ${id}`);
  if (boolField(fields, 'unmanaged-AM'))
    throw badRequest(
      'unmanaged-AM is not taken over HTTP: such a driver runs in its submitter and needs the secret, which goes over the wire only.',
    );
  const amResource = resourceOf(fields, most);
  const am = await launchOf(fields, user, sizeOf);
  const maxAttempts = wholeField(fields, 'max-app-attempts') ?? 0;
  if (maxAttempts < 0) throw badRequest('max-app-attempts must not be negative.');
  const validity = wholeField(fields, 'attempt-failures-validity-interval') ?? -1;
  const priority = wholeField(fields, 'priority') ?? 0;
  if (priority < 0) throw badRequest('priority must not be negative.');
  const lifetime = lifetimeOf(fields);
  const label = textField(fields, 'am-container-node-label-expression') || textField(fields, 'app-node-label-expression');
  refuseUnbuilt(fields);
  const acls = new Map(entriesField(specOf(fields), 'application-acls').map(([key, value]) => [key.toUpperCase(), String(value)]));
  return {
    id,
    submission: {
      name: textField(fields, 'application-name') || 'N/A',
      type: textField(fields, 'application-type') || 'YARN',
      user,
      queue: textField(fields, 'queue') || 'default',
      tags: tagsOf(fields),
      priority,
      unmanaged: false,
      maxAttempts,
      ...(validity > 0 ? { failuresValidityMs: validity } : {}),
      ...(boolField(fields, 'keep-containers-across-application-attempts') ? { keepContainers: true } : {}),
      amResource,
      am,
      ...(label ? { nodeLabelExpression: label } : {}),
      ...(lifetime === undefined ? {} : { timeouts: { LIFETIME: lifetime } }),
      ...(acls.has('VIEW_APP') ? { viewAcl: acls.get('VIEW_APP') } : {}),
      ...(acls.has('MODIFY_APP') ? { modifyAcl: acls.get('MODIFY_APP') } : {}),
      standalone: true,
    },
  };
}

/** What would be a promise that is not kept. @throws WebError 400 */
function refuseUnbuilt(fields: Fields): void {
  if (textField(fields, 'reservation-id')) throw badRequest(NO_RESERVATIONS);
  const logs = fields['log-aggregation-context'];
  if (logs === undefined || logs === null || logs === '') return;
  for (const [name, value] of Object.entries(fieldsOf(logs, 'log-aggregation-context')))
    if (name.endsWith('-pattern') && value !== null && value !== '' && value !== '.*')
      throw badRequest(`log-aggregation-context: ${name} is not known here: all log files of a container are kept and packed.`);
}

const specOf = (fields: Fields): Fields => fieldsOf(fields['am-container-spec'] ?? {}, 'am-container-spec');

function resourceOf(fields: Fields, most: Resource): Resource {
  const asked = fields['resource'] === undefined ? {} : fieldsOf(fields['resource'], 'resource');
  const memoryMb = wholeField(asked, 'memory') ?? DEFAULT_RESOURCE.memoryMb;
  const vcores = wholeField(asked, 'vCores') ?? DEFAULT_RESOURCE.vcores;
  if (memoryMb < 1 || vcores < 1) throw badRequest('resource: memory (MB) and vCores must be 1 or more.');
  if (memoryMb > most.memoryMb) throw badRequest('Requested more memory than configured max');
  if (vcores > most.vcores) throw badRequest('Requested more cores than configured max');
  const others: Record<string, number> = {};
  const informations = asked['resourceInformations'];
  if (informations !== undefined) {
    for (const one of listField(fieldsOf(informations, 'resourceInformations'), 'resourceInformation')) {
      const information = fieldsOf(one, 'resourceInformation');
      const [name, value] = [textField(information, 'name') ?? '', wholeField(information, 'value') ?? 0];
      if (name !== '' && name !== 'memory-mb' && name !== 'vcores' && value > 0) others[name] = value;
    }
  }
  return resource(memoryMb, vcores, others);
}

function tagsOf(fields: Fields): string[] {
  if (fields['application-tags'] === undefined || fields['application-tags'] === '') return [];
  return listField(fieldsOf(fields['application-tags'], 'application-tags'), 'tag').map(String);
}

/** Seconds. Both spellings that YARN's documents have. */
function lifetimeOf(fields: Fields): number | undefined {
  for (const name of ['application-timeouts', 'timeouts'])
    for (const [key, value] of entriesField(fields, name)) {
      const seconds = Number(value);
      if (key.toUpperCase() !== 'LIFETIME' || !Number.isInteger(seconds) || seconds < 1)
        throw badRequest(`${name}: LIFETIME in whole seconds is expected.`);
      return seconds;
    }
  return undefined;
}

async function launchOf(fields: Fields, user: string, sizeOf: SizeOf): Promise<LaunchContext> {
  const spec = specOf(fields);
  const commands = spec['commands'] === undefined ? [] : listField(fieldsOf(spec['commands'], 'commands'), 'command').map(String);
  const line = commands.join(' ').trim();
  if (line === '') throw badRequest('am-container-spec: a command is expected (commands.command).');
  const env: Record<string, string> = {};
  for (const [name, value] of entriesField(spec, 'environment')) {
    if (!ENV_NAME.test(name)) throw badRequest(`environment: ${JSON.stringify(name.slice(0, 40))} is no name of a variable.`);
    env[name] = expanded(String(value ?? ''));
  }
  const resources: LocalResource[] = [];
  for (const [name, value] of entriesField(spec, 'local-resources'))
    resources.push(await localResource(name, fieldsOf(value, name), sizeOf));
  return { kind: 'command', args: ['/bin/bash', '-c', expanded(line)], env, secretEnv: {}, resources, user };
}

/** YARN's placeholders: `<LOG_DIR>`, `<CPS>`, `{{NAME}}`. bash replaces what they become. */
const expanded = (text: string): string =>
  text
    .replaceAll('<LOG_DIR>', '${LOG_DIRS}')
    .replaceAll('<CPS>', ':')
    .replace(/\{\{([A-Za-z_]\w*)\}\}/g, '${$1}');

async function localResource(name: string, fields: Fields, sizeOf: SizeOf): Promise<LocalResource> {
  if (/[/\0]/.test(name) || name === '' || name === '.' || name === '..')
    throw badRequest(`local-resources: ${JSON.stringify(name.slice(0, 100))} must be a name without a folder.`);
  const url = textField(fields, 'resource') ?? '';
  const path = /^file:\/{1,3}(?=[^/])/.test(url) ? decodeURIComponent(url.replace(/^file:\/*/, '/')) : url;
  if (!path.startsWith('/')) throw badRequest(`local-resources: ${url}: only file: on this host is known, no other file system.`);
  const type = (textField(fields, 'type') ?? 'FILE').toUpperCase();
  if (type !== 'FILE' && type !== 'ARCHIVE') throw badRequest(`local-resources: ${name}: the type is FILE or ARCHIVE, not ${type}.`);
  const sizeBytes = await sizeOf(path, name);
  const said = wholeField(fields, 'size');
  if (said !== undefined && said >= 0 && said !== sizeBytes)
    throw badRequest(`local-resources: Resource ${url} changed: its size is ${sizeBytes} bytes, ${said} were expected.`);
  return { name, kind: type === 'ARCHIVE' ? 'archive' : 'file', path, sizeBytes };
}
