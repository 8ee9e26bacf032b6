// The style sheet of the report: one column, system fonts, light and dark, narrow screens, print.

/** Plain CSS; its hash is in the page's content security policy. */
export const style = `
:root {
  color-scheme: light dark;
  --page: #fbfbfa; --card: #fff; --ink: #1d2125; --soft: #5a636c; --line: #dfe2e5; --code: #f0f1f2;
  --accent: #4658c9; --accent-soft: #b9c2f0; --track: #e9ebee;
  --good: #1a7a3c; --good-soft: #e2f4e7; --bad: #bd2530; --bad-soft: #fce8e8; --warn: #865700; --warn-soft: #fbf0d4;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171a; --card: #1b1f23; --ink: #e3e6e8; --soft: #9aa4ad; --line: #30363c; --code: #252a2f;
    --accent: #97a5ff; --accent-soft: #4a5590; --track: #272c32;
    --good: #6dcb8b; --good-soft: #16301f; --bad: #ff8f8f; --bad-soft: #3a1b1d; --warn: #e5b454; --warn-soft: #33280f;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
main, footer { max-width: 64rem; margin: 0 auto; padding: 0 1.5rem; }
main { padding-top: 3rem; }
footer { padding-top: 2rem; padding-bottom: 4rem; color: var(--soft); font-size: .85rem; }
h1 { font-size: 1.9rem; line-height: 1.2; letter-spacing: -.015em; margin: .2rem 0 .8rem; text-wrap: balance; }
h2 { font-size: 1.15rem; margin: 0 0 1rem; }
h3 { font-size: 1rem; margin: 0 0 .4rem; }
h4 { font-size: .88rem; margin: 1.1rem 0 .35rem; }
h5 { font-size: .8rem; margin: .7rem 0 .2rem; color: var(--soft); font-weight: 600; }
small { font-size: .82rem; color: var(--soft); font-weight: 400; }
section { margin-top: 3rem; }
p { margin: .4rem 0; }
ul, ol { margin: .4rem 0; padding-left: 1.2rem; }
a { color: var(--accent); text-underline-offset: .15em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .84em; }
code { background: var(--code); padding: .1em .35em; border-radius: 4px; -webkit-box-decoration-break: clone; box-decoration-break: clone; }
pre { background: var(--code); margin: .3rem 0 .6rem; padding: .7rem .85rem; border-radius: 6px; line-height: 1.45; white-space: pre-wrap; overflow: auto; max-height: 28rem; }
button { font: inherit; font-size: .85rem; color: var(--ink); background: var(--code); border: 1px solid var(--line); border-radius: 6px; padding: .25rem .7rem; cursor: pointer; }

.kicker { color: var(--soft); font-size: .85rem; margin: 0; }
.pill { display: inline-block; font-size: .78rem; font-weight: 600; line-height: 1.5; padding: .05rem .55rem; border-radius: 99px; white-space: nowrap; background: var(--code); color: var(--soft); }
.pill.good { background: var(--good-soft); color: var(--good); }
.pill.bad { background: var(--bad-soft); color: var(--bad); }
.pill.warn { background: var(--warn-soft); color: var(--warn); }
.pill.busy { background: var(--track); color: var(--accent); }
.outcome > .pill { font-size: .9rem; padding: .15rem .75rem; }
.outcome, .places, .facts { display: flex; flex-wrap: wrap; align-items: baseline; gap: .15rem 1.1rem; }
.reasons { margin: .9rem 0 0; padding: .6rem 1rem .6rem 2rem; background: var(--warn-soft); border-radius: 8px; }
.figures { display: grid; grid-template-columns: repeat(6, auto); gap: 1rem 2rem; margin: 1.8rem 0 0; padding: 1.1rem 0; border: solid var(--line); border-width: 1px 0; }
.figures dt { font-size: .82rem; color: var(--soft); }
.figures dd { margin: 0; font-size: 1.35rem; font-weight: 600; line-height: 1.35; }
.figures dd.detail { font-size: .8rem; font-weight: 400; color: var(--soft); }

table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: .55rem .9rem .55rem 0; border-bottom: 1px solid var(--line); }
thead th { font-size: .82rem; font-weight: 400; color: var(--soft); padding-top: 0; }
tbody th { font-weight: 600; }
tbody th code { display: block; padding: 0; background: none; font-weight: 400; margin-top: .15rem; }
.lists { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(19rem, 100%), 1fr)); gap: 1rem; margin: 1.2rem 0; }
.list { border-left: 3px solid var(--line); padding-left: .9rem; }
.list.good { border-color: var(--good); } .list.bad { border-color: var(--bad); } .list.warn { border-color: var(--warn); }
.list h3 { font-size: .9rem; }
.list ul { font-size: .9rem; padding-left: 1rem; }
.quietly { color: var(--soft); font-size: .9rem; }

.lane { display: grid; grid-template-columns: 15rem minmax(0, 1fr); gap: 0 1rem; align-items: center; border-bottom: 1px solid var(--line); padding: .3rem 0; }
.lane.axis { padding: 0; }
.lane svg, .cost svg { display: block; width: 100%; overflow: visible; }
.lane small { display: block; line-height: 1.3; }
.axis text { font-size: 11px; fill: var(--soft); }
.grid { stroke: var(--line); }
rect.whole { fill: var(--track); }
rect.model { fill: var(--accent); } rect.tool { fill: var(--accent-soft); } rect.setup { fill: var(--soft); opacity: .55; } rect.track { fill: var(--track); }
.passed { fill: var(--good); stroke: var(--card); stroke-width: 1.5; } .failed { fill: var(--bad); stroke: var(--card); stroke-width: 1.5; }
.returned { fill: var(--card); stroke: var(--warn); stroke-width: 2.5; }
line.merged { stroke: var(--good); stroke-width: 3; } line.refused { stroke: var(--bad); stroke-width: 3; stroke-dasharray: 4 3; }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.1rem; font-size: .8rem; color: var(--soft); margin-top: .8rem; }
.legend svg { vertical-align: -2px; }

.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr)); gap: 0 3rem; }
.pair > section { min-width: 0; }
.scroll { overflow-x: auto; padding: 2px; }
.graph { display: block; max-width: none; height: auto; }
.graph text { font-size: 12.5px; fill: var(--ink); } .graph .strong { font-weight: 600; } .graph .state { font-size: 11.5px; font-weight: 600; fill: var(--soft); }
.graph .state.good { fill: var(--good); } .graph .state.bad { fill: var(--bad); } .graph .state.warn { fill: var(--warn); } .graph .state.busy { fill: var(--accent); }
.node { fill: var(--card); stroke: var(--line); stroke-width: 1.5; }
.node.good { stroke: var(--good); } .node.bad { stroke: var(--bad); } .node.warn { stroke: var(--warn); } .node.busy { stroke: var(--accent); }
.edge { fill: none; stroke: var(--soft); stroke-width: 1.5; } .arrow { fill: var(--soft); }
.graph a { text-decoration: none; } .graph a:hover .node { fill: var(--code); }

.cost { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: .1rem 1rem; padding: .5rem 0; }
.cost svg, .cost .detail { grid-column: 1 / -1; }
.cost .sum { text-align: right; }

.lead { font-size: 1.05rem; max-width: 46rem; }
.decisions { list-style: none; padding: 0; display: grid; grid-template-columns: repeat(auto-fit, minmax(min(19rem, 100%), 1fr)); gap: 1.2rem 2rem; margin: 1.2rem 0; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1.2rem 1.4rem; margin: 0 0 1.2rem; scroll-margin-top: 1rem; }
.card:target { border-color: var(--accent); }
.card h3 { font-size: 1.05rem; }
.card .id { color: var(--soft); font-weight: 400; }
.facts { font-size: .9rem; color: var(--soft); }
.reason { background: var(--bad-soft); border-radius: 6px; padding: .5rem .8rem; }
.acceptance, .paths, .steps { list-style: none; padding: 0; }
.acceptance li, .paths li { padding: .15rem 0; }
.lines { white-space: nowrap; }
.claim { border: 1px dashed var(--line); border-radius: 8px; padding: .1rem 1rem .6rem; margin: 1.1rem 0; }
.claim p { white-space: pre-wrap; }

details { margin: .5rem 0; }
summary { cursor: pointer; padding: .15rem 0; }
summary:hover { color: var(--accent); }
.transcript { border-top: 1px solid var(--line); margin: 1rem 0 0; padding-top: .6rem; }
.transcript ol { list-style: none; padding: 0; margin: 0; }
.transcript li { padding: .1rem 0; }
.transcript h4 { margin: 1.2rem 0 .2rem; padding-top: .7rem; border-top: 1px solid var(--line); }
.said { white-space: pre-wrap; max-width: 46rem; }
.peek { color: var(--soft); font-size: .88rem; }
summary .peek { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .82rem; }
.controls { margin: .3rem 0; }

@media (max-width: 40rem) {
  main, footer { padding-left: 1rem; padding-right: 1rem; }
  main { padding-top: 1.5rem; }
  h1 { font-size: 1.5rem; }
  section { margin-top: 2.2rem; }
  .figures { grid-template-columns: 1fr 1fr; gap: 1rem; }
  .lane { grid-template-columns: minmax(0, 1fr); }
  .lane.axis > span { display: none; }
  .lane small { display: inline; }
  .card { padding: 1rem; }
  .checks thead { position: absolute; clip-path: inset(50%); }
  .checks tr { display: block; padding: .6rem 0; border-bottom: 1px solid var(--line); }
  .checks th, .checks td { display: block; padding: .1rem 0; border: 0; }
  .checks td { display: grid; grid-template-columns: 6.5rem minmax(0, 1fr); align-items: baseline; }
  .checks td::before { content: attr(data-label); font-size: .82rem; color: var(--soft); }
}
@media print {
  :root { --page: #fff; --card: #fff; }
  body { font-size: 11pt; }
  main, footer { max-width: none; padding: 0; }
  .controls, .transcript:not([open]), #manager:not(:has([open])) { display: none; }
  .card, tr, .lane, .cost, .list { break-inside: avoid; }
  pre { max-height: none; }
  svg, .pill, .reasons, .reason { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
`;
