// What is to be said before the next request: a warning of being stuck, the wrap-up notice, the last turn.
import { tell, type Conversation } from './conversation.ts';
import type { SessionEnd } from './session.ts';
import { isTreeBound, judgeHistory } from './stuck/judge-history.ts';
import { callsOf, type Sign } from './stuck/turn-history.ts';

/** Share of the turn limit after which the agent is told to wrap up. */
const WRAP_UP_SHARE = 0.75;

/** @returns the end of an agent that is stuck, or null when it goes on */
export async function nextStep(talk: Conversation): Promise<SessionEnd | null> {
  const { stop, nudges } = judgeHistory(talk.stretch);
  if (stop !== null) {
    if (!(await hasMoved(stop, talk))) return { ended: 'stuck', rule: stop.rule, why: stop.why };
    talk.stretch = { turns: [], nudges: [] };
  } else await warn(nudges, talk);
  announceEnd(talk);
  return null;
}

/**
 * True when the files changed since the warning although no call said so (a command did it): that is progress, and the
 * count starts anew. The tree is asked for only when a rule is about to act, since that reads every file's state.
 */
async function hasMoved({ rule, about }: Sign, talk: Conversation): Promise<boolean> {
  const nudge = talk.stretch.nudges.findLast((given) => given.rule === rule && given.about === about);
  if (nudge === undefined || nudge.tree === null) return false;
  return nudge.tree !== (await treeNow(talk));
}

/** Gives the most telling warning; what else was due by now counts as said with it. */
async function warn(nudges: readonly Sign[], talk: Conversation): Promise<void> {
  const [first] = nudges;
  if (first === undefined) return;
  const tree = nudges.some(({ rule }) => isTreeBound(rule)) ? await treeNow(talk) : null;
  const afterCalls = callsOf(talk.stretch).length;
  for (const { rule, about } of nudges) talk.stretch.nudges.push({ rule, about, afterCalls, tree });
  tell(first.advice, talk);
}

function announceEnd(talk: Conversation): void {
  const { maxTurns } = talk.input;
  const left = maxTurns - talk.turn;
  if (left > 0 && !talk.wrappingUp && talk.turn >= Math.floor(maxTurns * WRAP_UP_SHARE)) {
    talk.wrappingUp = true;
    tell(`Turns left: ${left}. Wrap up: finish what is begun, run the acceptance commands, call \`finish\`.`, talk);
  }
  if (left <= 0 && !talk.lastTurnTold) {
    talk.lastTurnTold = true;
    tell('This was the last turn for work. Call `finish` now.', talk);
  }
}

const treeNow = async ({ input }: Conversation): Promise<string> => (await input.tree.save()).tree;
