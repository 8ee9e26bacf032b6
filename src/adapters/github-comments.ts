// The comment and reaction part of the GitHub port.
import type { GitHub } from '../ports.ts';
import type { Connection } from './github-connection.ts';
import { operations } from './github-operations.ts';
import { commentsReply, savedCommentReply } from './github-replies.ts';

type Comments = Pick<GitHub, 'comments' | 'createComment' | 'updateComment' | 'react'>;

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

  return {
    comments: readAll,
    createComment: (issueNumber, body) =>
      call(
        operations.createComment,
        async () => {
          const route = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments';
          const { data } = await octokit.request(route, { owner, repo, issue_number: issueNumber, body });
          return savedCommentReply.parse(data);
        },
        async () => {
          const posted = (await readAll(issueNumber)).findLast((comment) => sameText(comment.body, body));
          return posted === undefined ? null : { id: posted.id, url: posted.url };
        },
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

const sameText = (a: string, b: string): boolean => plain(a) === plain(b);
const plain = (text: string): string => text.replaceAll('\r\n', '\n').trim();
