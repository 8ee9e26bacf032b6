// A sentence that workflows may splice into anything: outputs are, into scripts.

/**
 * One line without any character that a shell, a script or a workflow would act on. What is in it may still be a
 * stranger's: it can be printed, and nothing else can come of it.
 */
export const harmlessSentence = (text: string): string =>
  text
    .replace(/\$(?=\d)/g, 'USD ')
    .replace(/['"`]/g, '\u2019')
    .replace(/[^\p{L}\p{M}\p{N} .,:/_+%#\u2019();&|-]/gu, ' ')
    .replace(/\s*[();&|][\s();&|]*/g, ', ')
    .replace(/\s+/g, ' ')
    .replace(/ (?=[,.](?: |$))|^[ ,]+|[ ,]+$|,(?= ?[.,](?: |$))/g, '');
