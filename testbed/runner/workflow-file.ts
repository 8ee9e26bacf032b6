// A workflow file read with GitHub's own parser. What the bed does not model is refused here, instead of being passed over.
import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { fields, items, valueOf, type Token } from './expressions.ts';

export interface WorkflowFile {
  readonly name: string;
  /** Types that are listened to, by event; null: all. */
  readonly events: ReadonlyMap<string, readonly string[] | null>;
  /** Defaults of the inputs of `workflow_dispatch`. */
  readonly inputDefaults: Readonly<Record<string, unknown>>;
  readonly concurrency: Token | undefined;
  readonly env: Token | undefined;
  readonly permissions: Token | undefined;
  readonly jobs: readonly WorkflowJob[];
}

export interface WorkflowJob {
  readonly id: string;
  readonly needs: readonly string[];
  /** With the `success()` that GitHub puts before a condition that asks for no status. */
  readonly condition: string;
  readonly concurrency: Token | undefined;
  readonly permissions: Token | undefined;
  readonly outputs: Token | undefined;
  readonly env: Token | undefined;
  readonly steps: readonly WorkflowStep[];
}

export interface WorkflowStep {
  /** Given, or made by GitHub. */
  readonly id: string;
  readonly condition: string;
  /** `owner/name@ref`, or `./`. */
  readonly uses: string;
  readonly with: Token | undefined;
  readonly env: Token | undefined;
}

const modelled = {
  workflow: ['name', 'on', 'permissions', 'concurrency', 'env', 'jobs'],
  job: ['name', 'needs', 'if', 'runs-on', 'timeout-minutes', 'concurrency', 'permissions', 'outputs', 'env', 'steps'],
  step: ['name', 'id', 'if', 'uses', 'with', 'env'],
} as const;

/** @throws Error for what GitHub would not take, and for what the bed does not model */
export async function readWorkflow(path: string, content: string): Promise<WorkflowFile> {
  const { context, value: root } = parseWorkflow({ name: path, content }, new NoOperationTraceWriter());
  const errors = context.errors.getErrors().map(({ message }) => message);
  if (errors.length > 0 || root === undefined) throw new Error(`${path}: ${errors.join('; ')}`);
  const template = await convertWorkflowTemplate(context, root);
  if (template.errors !== undefined) throw new Error(template.errors.map((error) => error.Message).join('; '));
  const top = known('workflow', path, root);
  const jobTokens = fields(top.get('jobs'));
  const { events } = template;
  return {
    name: String(valueOf(top.get('name'), {}) ?? path),
    events: new Map(Object.entries(events).map(([name, event]) => [name, typesOf(event)])),
    inputDefaults: defaultsOf(events.workflow_dispatch?.inputs ?? {}),
    ...{ concurrency: top.get('concurrency'), env: top.get('env'), permissions: top.get('permissions') },
    jobs: template.jobs.map((job) => jobOf(job, jobTokens.get(job.id.value), path)),
  };
}

type Template = Awaited<ReturnType<typeof convertWorkflowTemplate>>;
type TemplateJob = Template['jobs'][number];

function known(kind: keyof typeof modelled, where: string, token: Token | undefined): ReadonlyMap<string, Token> {
  const found = fields(token);
  const names: readonly string[] = modelled[kind];
  const unknown = [...found.keys()].filter((key) => !names.includes(key));
  if (unknown.length > 0) throw new Error(`${where}: ${unknown.join(', ')} of a ${kind} is not modelled`);
  return found;
}

function jobOf(job: TemplateJob, token: Token | undefined, path: string): WorkflowJob {
  const id = job.id.value;
  const own = known('job', `${path}, job ${id}`, token);
  if (job.type !== 'job') throw new Error(`${path}: job ${id} calls a workflow, which is not modelled`);
  const stepTokens = items(own.get('steps'));
  return {
    id,
    needs: (job.needs ?? []).map(({ value }) => value),
    condition: job.if.expression,
    ...{ concurrency: own.get('concurrency'), permissions: own.get('permissions') },
    ...{ outputs: own.get('outputs'), env: own.get('env') },
    steps: job.steps.map((step, i) => {
      const fieldsOfStep = known('step', `${path}, job ${id}`, stepTokens[i]);
      if (!('uses' in step)) throw new Error(`${path}: a step of ${id} that runs a script is not modelled`);
      return {
        id: step.id,
        condition: step.if.expression,
        uses: step.uses.value,
        with: fieldsOfStep.get('with'),
        env: fieldsOfStep.get('env'),
      };
    }),
  };
}

function typesOf(event: unknown): readonly string[] | null {
  const types = typeof event === 'object' && event !== null && 'types' in event ? event.types : null;
  return Array.isArray(types) ? types.map(String) : null;
}

const defaultsOf = (inputs: Readonly<Record<string, { readonly default?: unknown }>>) =>
  Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.default ?? '']));
