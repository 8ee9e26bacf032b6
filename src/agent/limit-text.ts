// How much of what an agent says of itself is taken: reports are read by people and by other agents, who pay for each word.

/** Characters of one text of a report. */
const maxReportText = 2_000;

/** The text, cut and marked so where it is longer. */
export const limitText = (text: string, maxLength = maxReportText): string =>
  text.length <= maxLength ? text : `${text.slice(0, maxLength)} [cut]`;
