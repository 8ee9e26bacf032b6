// One agent's conversation: turn by turn until it finishes, is stuck or meets a limit.
import { beginStretch, openConversation, tell } from './conversation.ts';
import type { AgentSession, SessionDeps, SessionInput } from './session.ts';
import { takeTurn } from './take-turn.ts';

export type { AgentSession, SessionDeps, SessionDigest, SessionEnd, SessionInput } from './session.ts';

/** Starts a conversation; nothing is asked before `proceed`. */
export function startSession(input: SessionInput, deps: SessionDeps): AgentSession {
  const talk = openConversation(input, deps);
  return {
    async proceed(told, change) {
      talk.effort = change?.effort ?? talk.effort;
      beginStretch(talk);
      if (told !== undefined) tell(told, talk);
      for (;;) {
        const end = await takeTurn(talk);
        if (end !== null) return end;
      }
    },
    turns: () => talk.turn,
    digest: () => ({ turns: talk.turn, lastCalls: talk.lastCalls }),
  };
}
