// Reactions on issues and comments: the emulator has none.
import type { Answer } from './types.ts';
import { invalid, notFound } from './answers.ts';
import { forward, type Bed, type Call, type Handler } from './calls.ts';
import { simpleUser } from './users.ts';

const CONTENTS = ['+1', '-1', 'laugh', 'confused', 'heart', 'hooray', 'rocket', 'eyes'];

interface Reaction {
  readonly id: number;
  readonly target: string;
  readonly login: string;
  readonly content: string;
  readonly createdAt: string;
}

export interface ReactionHandlers {
  readonly create: Handler;
  readonly list: Handler;
  readonly remove: Handler;
}

/** The reactions of one server. A second reaction of the same kind by the same user answers 200 with the first. */
export function createReactions(): ReactionHandlers {
  const reactions: Reaction[] = [];
  let lastId = 0;
  return {
    async create(call, bed) {
      const missing = await missingTarget(call, bed);
      if (missing !== null) return missing;
      const content = String(call.body['content']);
      if (!CONTENTS.includes(content)) return invalid({ resource: 'Reaction', code: 'invalid', field: 'content' });
      const login = call.identity?.login ?? '';
      const twin = reactions.find(
        (one) => one.target === targetOf(call) && one.login === login && one.content === content,
      );
      if (twin !== undefined) return { status: 200, body: await shown(twin, bed) };
      lastId += 1;
      const made = { id: lastId, target: targetOf(call), login, content, createdAt: new Date().toISOString() };
      reactions.push(made);
      return { status: 201, body: await shown(made, bed) };
    },
    async list(call, bed) {
      const mine = reactions.filter((one) => one.target === targetOf(call));
      return (
        (await missingTarget(call, bed)) ?? { status: 200, body: await Promise.all(mine.map((one) => shown(one, bed))) }
      );
    },
    async remove(call) {
      const index = reactions.findIndex(
        (one) => one.target === targetOf(call) && String(one.id) === call.params['reaction_id'],
      );
      if (index < 0) return notFound();
      reactions.splice(index, 1);
      return { status: 204 };
    },
  };
}

/** The or comment's own path. */
const targetOf = (call: Call): string => call.path.replace(/\/reactions.*$/, '');

async function missingTarget(call: Call, bed: Bed): Promise<Answer | null> {
  const target = await forward({ ...call, method: 'GET', path: targetOf(call) }, bed);
  return target.status === 200 ? null : notFound();
}

async function shown(reaction: Reaction, bed: Bed): Promise<unknown> {
  const user = await bed.emulator.ask(null, 'GET', `/users/${encodeURIComponent(reaction.login)}`);
  const { id, content, createdAt } = reaction;
  const node_id = Buffer.from(`Reaction${String(id)}`).toString('base64url');
  return { id, node_id, user: simpleUser(user.body), content, created_at: createdAt };
}
