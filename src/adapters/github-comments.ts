// The comment and reaction part of the GitHub port.
import { isRunError } from '../errors.ts';
import type { GitHub } from '../ports.ts';
import type { Connection } from './github-connection.ts';
import { operations } from './github-operations.ts';
import { commentsReply, savedCommentReply, userReply } from './github-replies.ts';

type Comments = Pick<GitHub, 'comments' | 'findComment' | 'createComment' | 'updateComment' | 'react'>;

/** Pages of 100 that are read of one thread: of a longer one the first, and the newest of the rest. */
const maxPages = 10;

/** @returns the methods; `createComment` never posts the same text twice when a reply is lost. */
export function createComments({ octokit, call, owner, repo }: Connection): Comments {
  const readPage = (issueNumber: number, page: number) =>
    call(operations.readComments, async () => {
      const route = 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments';
      const parameters = { owner, repo, issue_number: issueNumber, per_page: 100, page };
      const { data, headers } = await octokit.request(route, parameters);
      return { comments: commentsReply.parse(data), lastPage: lastPageOf(headers.link) };
    });

  const readAll = async (issueNumber: number) => {
    const first = await readPage(issueNumber, 1);
    const second = Math.max(2, first.lastPage - maxPages + 2);
    const numbers = Array.from({ length: Math.max(0, first.lastPage - second + 1) }, (_none, index) => second + index);
    const rest = await Promise.all(numbers.map((page) => readPage(issueNumber, page)));
    return [first, ...rest].flatMap((page) => page.comments);
  };

  const ownLogin = createOwnLogin({ octokit, call });
  const findComment: Comments['findComment'] = async (issueNumber, firstLines) => {
    const wanted = firstLines.map(plain);
    const marked = (await readAll(issueNumber)).filter(({ body }) => wanted.includes(plain(firstLine(body))));
    // Nobody is asked for who we are while there is nothing to tell apart.
    if (marked.length === 0) return null;
    const login = await ownLogin();
    const own = marked.findLast(({ author, isBot }) => (login === null ? isBot : author === login));
    return own === undefined ? null : { id: own.id, url: own.url };
  };

  return {
    comments: readAll,
    findComment,
    createComment: (issueNumber, body) =>
      call(
        operations.createComment,
        async () => {
          const route = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments';
          const { data } = await octokit.request(route, { owner, repo, issue_number: issueNumber, body });
          return savedCommentReply.parse(data);
        },
        () => findComment(issueNumber, [firstLine(body)]),
      ),
    updateComment: (id, body) =>
      call(operations.updateComment, async () => {
        const route = 'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}';
        const { data } = await octokit.request(route, { owner, repo, comment_id: id, body });
        return savedCommentReply.parse(data);
      }),
    // GitHub answers a reaction that is there already with 200, so repeating one does nothing.
    react: ({ kind, id }, content) =>
      call(operations.react, async () => {
        if (kind === 'issue') {
          const route = 'POST /repos/{owner}/{repo}/issues/{issue_number}/reactions';
          await octokit.request(route, { owner, repo, issue_number: id, content });
        } else {
          const route = 'POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions';
          await octokit.request(route, { owner, repo, comment_id: id, content });
        }
      }),
  };
}

/** The number of the last page by the `Link` header; 1 when there is only one. */
const lastPageOf = (link: string | undefined): number =>
  Number(/[?&]page=(\d+)[^>]*>; rel="last"/.exec(link ?? '')?.[1] ?? 1);

const firstLine = (text: string): string => plain(text).split('\n', 1)[0] ?? '';
const plain = (text: string): string => text.replaceAll('\r\n', '\n').trim();

/**
 * The login of a person's token, asked once; null for the token of a job or an app, which has no user: whatever carries
 * our marker then was written by a bot, which no stranger is.
 */
function createOwnLogin({ octokit, call }: Pick<Connection, 'octokit' | 'call'>): () => Promise<string | null> {
  let asking: Promise<string | null> | null = null;
  const ask = async (): Promise<string | null> => {
    try {
      return await call(
        operations.readUser,
        async () => userReply.parse((await octokit.request('GET /user')).data).login,
      );
    } catch (error) {
      if (isRunError(error) && error.code === 'github-permission') return null;
      asking = null;
      throw error;
    }
  };
  return () => (asking ??= ask());
}
