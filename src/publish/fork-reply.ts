// The one answer to a command on a pull request from another repository: fixed words, once for each pull request.

/** First line of the answer, by which it is found again. */
export const forkReplyMarker = (pullRequest: number): string => `<!-- ai-implement:pull-${pullRequest}:fork-reply -->`;

/** Markdown. Nothing of the pull request or of the comment is in it. */
export const renderForkReply = (pullRequest: number): string =>
  [
    forkReplyMarker(pullRequest),
    'This pull request comes from another repository, and ai-implement works on branches of this repository only: a run ' +
      'with the rights of this repository must not follow text and code that somebody else can change. Nothing was started. ' +
      'To have something built, label an issue here.',
  ].join('\n');
