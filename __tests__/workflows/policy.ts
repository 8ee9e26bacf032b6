// Our own rules for workflow files: what would let a stranger in, or let a job run for ever.
import { parse } from 'yaml';

export interface WorkflowPolicy {
  /** `owner/name` of our own action: examples may name it by its major tag, which our release moves. */
  readonly ownAction: string;
  /** Inputs of our own action. */
  readonly inputs: readonly string[];
}

/** Text that a stranger, or another job, writes. */
const UNTRUSTED =
  /\bgithub(\.event\b|\.head_ref|\.ref_name|\[)|\binputs\.|\bneeds\.[\w-]+\.outputs\.|\bsteps\.[\w-]+\.outputs\.|\bmatrix\./;

/** Breaches of the rules in one workflow, one line each. Throws for text that is not YAML. */
export function policyBreaches(content: string, policy: WorkflowPolicy): readonly string[] {
  const workflow = fields(parse(content));
  const jobs = Object.entries(fields(workflow['jobs'])).map(([id, job]) => ({ id, job: fields(job) }));
  return [
    ...triggerBreaches(workflow['on']),
    ...permissionBreaches('the workflow', workflow['permissions']),
    ...jobs.flatMap(({ id, job }) => jobBreaches(id, job)),
    ...jobs.flatMap(({ job }) => stepsOf(job).flatMap((step) => stepBreaches(step, policy))),
  ];
}

type Fields = Readonly<Record<string, unknown>>;

const fields = (value: unknown): Fields => (typeof value === 'object' && value !== null ? { ...value } : {});

const stepsOf = (job: Fields): readonly Fields[] => [job['steps'] ?? []].flat().map(fields);

function triggerBreaches(on: unknown): readonly string[] {
  const names = typeof on === 'string' ? [on] : Array.isArray(on) ? on.map(String) : Object.keys(fields(on));
  const dangerous = names.filter((name) => ['pull_request_target', 'workflow_run'].includes(name));
  return dangerous.map((name) => `${name} runs with secrets on what a stranger sent`);
}

function permissionBreaches(owner: string, permissions: unknown): readonly string[] {
  if (permissions === undefined) return [`${owner} does not say its permissions`];
  return typeof permissions === 'string' ? [`${owner} takes ${permissions}`] : [];
}

function jobBreaches(id: string, job: Fields): readonly string[] {
  const isCall = job['uses'] !== undefined;
  const endless = !isCall && job['timeout-minutes'] === undefined ? [`job ${id} has no timeout-minutes`] : [];
  const inherits = job['secrets'] === 'inherit' ? [`job ${id} hands all secrets on`] : [];
  const shared = /self-hosted/.test(JSON.stringify(job['runs-on'] ?? '')) ? [`job ${id} shares its machine`] : [];
  const conditions = [job, ...stepsOf(job)].map((one) => String(one['if'] ?? ''));
  return [
    ...permissionBreaches(`job ${id}`, job['permissions']),
    ...[...endless, ...inherits, ...shared],
    ...conditions.flatMap((condition) => conditionBreaches(id, condition)),
    ...(/\bsecrets\b(?!\s*[.[]|\")/.test(expressionsIn(job)) ? [`job ${id} takes all secrets at once`] : []),
  ];
}

const expressionsIn = (value: unknown): string =>
  (JSON.stringify(value).match(/\$\{\{.*?\}\}/gs) ?? []).join('\n').replaceAll('\\"', "'");

/** Whoever re-runs a workflow is its actor, and a text that holds another is not that text. */
function conditionBreaches(id: string, condition: string): readonly string[] {
  return [
    ...(/github\.(triggering_)?actor\b/.test(condition) ? [`job ${id} trusts the name of an actor`] : []),
    ...(/contains\(\s*'/.test(condition) ? [`job ${id} looks for a text inside of another`] : []),
  ];
}

function stepBreaches(step: Fields, policy: WorkflowPolicy): readonly string[] {
  const given = fields(step['with']);
  const scripts = [step['run'], given['script']].map(String);
  const expressions = scripts.flatMap((script) => script.match(/\$\{\{.*?\}\}/gs) ?? []);
  const injected = expressions.filter((expression) => UNTRUSTED.test(expression));
  const lasting = scripts.filter((script) => /GITHUB_(ENV|PATH)\b/.test(script));
  return [
    ...lasting.map(() => 'a script changes the environment of later steps'),
    ...injected.map((expression) => `${expression} goes into a script as text`),
    ...(typeof step['uses'] === 'string' ? usesBreaches(step['uses'], given, policy) : []),
  ];
}

function usesBreaches(uses: string, given: Fields, policy: WorkflowPolicy): readonly string[] {
  const isOwn = uses === './' || uses.startsWith(`${policy.ownAction}@v`);
  const isLocal = uses.startsWith('./');
  const isPinned = isLocal || isOwn || /@[0-9a-f]{40}$/.test(uses);
  const keeps = uses.startsWith('actions/checkout@') && given['persist-credentials'] !== false;
  const caches = /^actions\/cache\b/.test(uses) || (given['cache'] ?? false) !== false;
  const unknown = isOwn ? Object.keys(given).filter((name) => !policy.inputs.includes(name)) : [];
  return [
    ...(isPinned ? [] : [`${uses} is not pinned to a commit`]),
    ...(keeps ? [`${uses} leaves its token in .git/config`] : []),
    ...(caches ? [`${uses} keeps a cache that other branches read`] : []),
    ...unknown.map((name) => `${uses} has no input ${name}`),
  ];
}
