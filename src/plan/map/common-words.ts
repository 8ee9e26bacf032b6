// Words that tell nothing of a request, or too little: what is left of a text without them is looked up in the code.

const setOf = (words: string): ReadonlySet<string> => new Set(words.split(' '));

/** English, and what forms of issues ask for. */
const ENGLISH = setOf(
  'an are at be but by can get has it its may no now off on one out see set so the to too two up was we you about above actual actually added adding after again also although always another anything avoid because become before being below better between breaks cannot could create current currently describe different does doesn each either enough every existing expect expected following have having instead into just keep later like made make makes many maybe might more must need needed needs never often only other otherwise please possible pull rather same second seems several should show shows since some something still such than that their them there these they thing those though under unless until want wants what whether which without work working works would write written wrong all and any as do for if in is not of or then this when where while with from use using new break',
);
/** Of programming languages, and the names that examples use. */
const LANGUAGES = setOf(
  'array async await boolean class const default delete else export extends false function import include interface module none null number object package private public require return returned returns self static string throws true type typeof undefined void str int bool float func def fn var let struct impl elif foo bar baz qux',
);
/** What code has everywhere, but may define as well: an option `version`, a class `Option`. */
const USUAL = setOf(
  'action argument arguments behavior behaviour bug change changes code comment description empty error example feature file files first fix fixes github https implement index issue item lib list message method missing name names node option options output problem project prop readme reason release report reproduce request result src steps support test tests text update value values version',
);

/** Whether a word in lower case is one of English or of a language. */
export const isFiller = (word: string): boolean => ENGLISH.has(word) || LANGUAGES.has(word);

/** Whether a word in lower case stands on too many lines to be looked up. */
export const isCommon = (word: string): boolean => isFiller(word) || USUAL.has(word);

/** Objects that a language has, with what is called on them, and errors that all code throws. */
const BUILT_IN =
  /^((Promise|Array|Object|JSON|Math|Date|Map|Set|String|Number|Boolean|Symbol|Reflect|console|process|window|document)(\.|$)|(Type|Range|Syntax|Reference|Value|Key|Runtime)Error$)/;

/** `Promise.all` is the language's, wherever it stands. */
export const isBuiltIn = (name: string): boolean => BUILT_IN.test(name);
