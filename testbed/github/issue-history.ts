// Who changed the title or the body of an issue, and when.

export interface TextChange {
  /** `owner/name#7` */
  readonly issue: string;
  readonly part: 'title' | 'body';
  readonly login: string;
  /** ISO. */
  readonly at: string;
}

export interface IssueHistory {
  note(change: TextChange): void;
  /** Oldest first. */
  of(issue: string, part: TextChange['part']): readonly TextChange[];
}

/** An empty history. */
export function createIssueHistory(): IssueHistory {
  const changes: TextChange[] = [];
  return {
    note: (change) => void changes.push(change),
    of: (issue, part) =>
      changes
        .filter((change) => change.issue === issue && change.part === part)
        .sort((one, other) => Date.parse(one.at) - Date.parse(other.at)),
  };
}
