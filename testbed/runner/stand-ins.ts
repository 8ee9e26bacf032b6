// What stands in for actions in a workflow run: a real clone, a folder for artifacts, and our bundle as a step.
import { cp, mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { WebhookEvent } from '../github/events.ts';
import { checkout } from './checkout.ts';
import { runAction, type ActionContext } from './run-action.ts';
import type { StandIn } from './run-job.ts';

/** `actions/checkout` with `persist-credentials: false`, of the event's commit. */
export const checkoutStandIn =
  (cloneUrl: string, commit: string): StandIn =>
  async ({ with: given, token, workspace }) => {
    refuseOthers(given, ['fetch-depth', 'persist-credentials']);
    if (given['persist-credentials'] !== 'false') throw new Error('a checkout that keeps its token is not modelled');
    const depth = Number(given['fetch-depth'] ?? 1);
    await checkout({ cloneUrl, token, directory: workspace, depth, commit });
    return { exitCode: 0 };
  };

/** `actions/upload-artifact` of a directory: a folder takes it. */
export const uploadStandIn =
  (artifacts: string): StandIn =>
  async ({ with: given }) => {
    refuseOthers(given, ['name', 'path', 'overwrite', 'retention-days']);
    const target = join(artifacts, given['name'] ?? 'artifact');
    const isThere = await stat(target).then(
      () => true,
      () => false,
    );
    if (isThere && given['overwrite'] !== 'true') return failed('an artifact with this name already exists');
    await rm(target, { recursive: true, force: true });
    await mkdir(artifacts, { recursive: true });
    await cp(given['path'] ?? '', target, { recursive: true, verbatimSymlinks: true });
    return { exitCode: 0 };
  };

/** `actions/download-artifact` of one artifact by its name. */
export const downloadStandIn =
  (artifacts: string): StandIn =>
  async ({ with: given }) => {
    refuseOthers(given, ['name', 'path']);
    const source = join(artifacts, given['name'] ?? '');
    await mkdir(given['path'] ?? '', { recursive: true });
    try {
      await cp(source, given['path'] ?? '', { recursive: true, verbatimSymlinks: true });
      return { exitCode: 0 };
    } catch {
      return failed(`Artifact not found for name: ${given['name'] ?? ''}`);
    }
  };

const failed = (message: string) => ({
  exitCode: 1,
  annotations: [{ level: 'error' as const, message, properties: {} }],
});

export interface ActionPlace {
  /** Holds action.yml. */
  readonly actionDirectory: string;
  readonly event: WebhookEvent;
  readonly github: Omit<ActionContext, 'token' | 'job'>;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly onLine?: (line: string) => void;
}

/** A JavaScript action of this machine, started as the runner starts it. */
export const actionStandIn =
  ({ env, github, ...place }: ActionPlace): StandIn =>
  ({ with: inputs, env: own, token, workspace, runnerTemp, job, secrets, cancel }) =>
    runAction({
      ...place,
      ...{ workspace, inputs, secrets },
      github: { ...github, token, job },
      env: { ...env, ...own, RUNNER_TEMP: runnerTemp },
      ...(cancel === undefined ? {} : { cancel }),
    });

function refuseOthers(given: Readonly<Record<string, string>>, known: readonly string[]): void {
  const other = Object.keys(given).find((name) => !known.includes(name));
  if (other !== undefined) throw new Error(`the input ${other} is not modelled`);
}
