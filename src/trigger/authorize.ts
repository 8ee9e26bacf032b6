// May the actor start a run? Asked from the API for every event; whatever is not a clear yes is a no.
import type { GitHub, Permission } from '../ports.ts';
import type { Trigger } from '../types.ts';
import { skip, type Skip } from './skip-reasons.ts';

/** Roles that may push, and so may start us. `author_association` says nothing about that and is never read. */
export const writers: readonly Permission[] = ['admin', 'maintain', 'write'];

/**
 * Allows people with write access, and a person at a terminal (who acts with their own token).
 * @param rerunBy who started this run of the workflow, when that is not the trigger's actor: they are asked for too.
 * @param isListedBot the actor is a bot of the configuration's list. A bot is no collaborator, so it is not asked for.
 * Never throws: an answer that does not come refuses the run, with what GitHub said as the reason.
 */
export async function authorize(
  trigger: Trigger,
  github: Pick<GitHub, 'permission'>,
  rerunBy: string = trigger.actor,
  isListedBot = false,
): Promise<{ readonly kind: 'allowed' } | Skip> {
  if (trigger.source === 'terminal') return { kind: 'allowed' };
  for (const login of new Set([trigger.actor, rerunBy])) {
    if (isListedBot && login === trigger.actor) continue;
    const refusal = await refuse(login, github);
    if (refusal !== null) return refusal;
  }
  return { kind: 'allowed' };
}

async function refuse(login: string, github: Pick<GitHub, 'permission'>): Promise<Skip | null> {
  try {
    const role = await github.permission(login);
    return writers.includes(role) ? null : skip('no-write-access', `${login} has the role \`${role}\``);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return skip('permission-unknown', `${login} may do here, so the run is refused: ${said}`);
  }
}
