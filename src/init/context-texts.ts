// Headings worth filling in: what an agent cannot find out from the code alone.

/** First versions of the files below `.ai-agents/context/`, by name. */
export const contextTexts: Readonly<Record<string, string>> = {
  'architecture.md': `# Architecture

<!-- Every agent reads this file. Keep it short and true; what the code says plainly need not be here. -->

## What the parts are and where they live

## How a request or a piece of data goes through them

## What must stay as it is (public interfaces, stored data, invariants)

## Decisions that were made, and why
`,
  'api-contracts.md': `# Contracts between parts

<!-- Agents that work at the same time rely on what stands here. -->

## Interfaces (route or function, input, output, errors)

## Shapes of data that more than one part uses

## Rules for changing a contract
`,
  'coding-standards.md': `# Coding standards

<!-- Only what a formatter or linter does not already enforce. -->

## Naming and layout

## Errors and logging

## Tests: what needs one, where it lies, how to run one alone

## Dependencies: what may be added, and what never
`,
};
