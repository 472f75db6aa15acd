/** The report's style sheet: one column, much air, few colours, the reader's own fonts; light or dark as the reader has it. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #fdfdfc; --ink: #1d1f21; --soft: #5f646a; --hair: #e4e4e0; --raised: #f5f5f2;
  --c0: #b4501f; --c1: #0b7a75; --c2: #5b4bc4; --c3: #8a6d00; --c4: #a8326e; --c5: #3f6b2a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15171a; --ink: #e8e6e1; --soft: #9aa0a6; --hair: #2c3034; --raised: #1d2024;
    --c0: #f0935f; --c1: #4fd1c5; --c2: #a99bff; --c3: #dfc04a; --c4: #ef86b8; --c5: #93c979;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 17px/1.6 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
main { max-width: 48rem; margin: 0 auto; padding: clamp(2rem, 6vw, 5rem) 1.25rem 5rem; }
main.wide { max-width: 62rem; }
.wide .chart, .wide p, .wide ul, .wide header { max-width: 46rem; }
.eyebrow { margin: 0 0 .6rem; font-size: .8rem; letter-spacing: .08em; text-transform: uppercase; color: var(--soft); overflow-wrap: anywhere; }
h1 { margin: 0; font-size: clamp(2rem, 6vw, 2.9rem); line-height: 1.1; letter-spacing: -.025em; font-weight: 680; overflow-wrap: break-word; }
.sub { margin: .9rem 0 0; color: var(--soft); }
.options { margin: .4rem 0 0; color: var(--soft); font-size: .85rem; overflow-wrap: anywhere; }
h2 { margin: 4rem 0 .4rem; font-size: 1.3rem; line-height: 1.3; letter-spacing: -.012em; font-weight: 650; }
h2 + p { margin: 0 0 1.2rem; color: var(--soft); font-size: .95rem; }
.told { margin: 2.4rem 0 0; line-height: 1.62; }
.told p { margin: 0 0 .7em; }
.told p:first-child { margin-bottom: 1em; font-size: clamp(1.3rem, 3.4vw, 1.55rem); line-height: 1.38; letter-spacing: -.014em; font-weight: 560; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: 1rem; margin-top: 2.4rem; }
.card { padding: 1.15rem 1.3rem 1.2rem; background: var(--raised); border-radius: .7rem; border-top: 3px solid var(--series); }
.card h3 { margin: 0; font-size: .95rem; font-weight: 650; color: var(--series); }
.card .figure { margin: .3rem 0 0; font-size: 2.5rem; line-height: 1.15; letter-spacing: -.03em; font-weight: 640; font-variant-numeric: tabular-nums; }
.card .of { margin: 0 0 .8rem; color: var(--soft); font-size: .88rem; }
.card dl { display: grid; grid-template-columns: 1fr auto; gap: .2rem 1rem; margin: 0; font-size: .92rem; }
.card dt { color: var(--soft); }
.card dd { margin: 0; text-align: right; font-variant-numeric: tabular-nums; }
figure { margin: 0; }
figure + figure { margin-top: 2rem; }
figcaption { margin: 0 0 .5rem; font-size: .95rem; font-weight: 600; }
.facets { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); gap: 2rem 1.6rem; align-items: start; margin-top: 1.6rem; }
.facets figure { margin: 0; min-width: 0; }
.facets .small { max-width: 25rem; }
.chart svg { display: block; width: 100%; height: auto; overflow: visible; }
.chart > .narrow { display: none; }
.chart.small > .narrow { display: block; }
.chart.small > .key { display: flex; }
@media (max-width: 600px) {
  .chart > .wide { display: none; }
  .chart > svg.narrow { display: block; }
  .chart > .key.narrow { display: flex; }
  body { font-size: 16px; }
}
.key { display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; margin: 0 0 .5rem; padding: 0; list-style: none; font-size: .85rem; font-weight: 600; }
.key li { display: flex; align-items: center; gap: .4rem; color: var(--series); }
.chart .key svg { display: inline; width: 28px; height: 14px; }
svg text { font-family: inherit; fill: var(--soft); font-size: 12.5px; font-variant-numeric: tabular-nums; }
svg .grid { stroke: var(--hair); stroke-width: 1; }
svg .line { fill: none; stroke: var(--series); stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
svg .d1 .line { stroke-dasharray: 7 4; }
svg .d2 .line { stroke-dasharray: 1.5 4.5; }
svg .line.whole, svg .line.cross { stroke-dasharray: none !important; }
svg .thin { stroke-width: 1; opacity: .38; }
svg .mark, svg .seed, svg .bubble { fill: var(--series); }
svg .mark { stroke: var(--paper); stroke-width: .8; }
svg .seed { opacity: .5; }
svg .bubble { fill-opacity: .45; stroke: var(--series); }
svg .band { fill: var(--series); opacity: .16; }
svg .even { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 4 4; }
svg .cell { fill: var(--series); }
svg .own { stroke: var(--ink); stroke-width: 1.5; }
svg .number { fill: var(--ink); }
svg .deep { fill: var(--paper); }
svg .hit { fill: transparent; }
svg .name { fill: var(--series); font-weight: 650; font-size: 14px; }
svg .last { fill: var(--ink); font-size: 13px; }
svg .published circle { fill: var(--paper); stroke: var(--ink); stroke-width: 1.6; }
svg .whisker { stroke: var(--ink); stroke-width: 1.2; fill: none; }
.key .line { fill: none; stroke: var(--series); stroke-width: 2; }
${[0, 1, 2, 3, 4, 5].map((n) => `.s${n} { --series: var(--c${n}); }`).join(" ")}
details { margin-top: .9rem; }
summary { cursor: pointer; color: var(--soft); font-size: .9rem; width: fit-content; }
summary:hover { color: var(--ink); }
.scroll { overflow-x: auto; margin-top: .8rem; }
details .scroll { max-height: 30rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { padding: .42rem .9rem .42rem 0; text-align: right; border-bottom: 1px solid var(--hair); vertical-align: top; }
th:last-child, td:last-child { padding-right: 0; }
td { white-space: nowrap; }
th { font-weight: 550; color: var(--soft); }
th:first-child { text-align: left; position: sticky; left: 0; background: var(--paper); }
tbody th { color: var(--ink); }
td small, th small { display: block; color: var(--soft); font-size: .82em; font-weight: 400; }
th small { min-width: 9rem; }
.method { color: var(--series); white-space: nowrap; }
.facts td { text-align: left; overflow-wrap: anywhere; white-space: normal; }
.facts tbody th { color: var(--soft); white-space: nowrap; padding-right: 1.6rem; }
.facts thead { display: none; }
pre { margin: .8rem 0 0; padding: 1rem 1.15rem; overflow-x: auto; background: var(--raised); border-radius: .6rem; font-size: .82rem; line-height: 1.55; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.legend { margin: .3rem 0 0; color: var(--soft); font-size: .84rem; }
.note { color: var(--soft); font-size: .88rem; margin: .8rem 0 0; }
.note a { color: inherit; }
.unfinished { margin: 1.6rem 0 0; padding: .8rem 1.1rem; background: var(--raised); border-left: 3px solid var(--c0); border-radius: .3rem; }
footer { margin-top: 4.5rem; padding-top: 1.2rem; border-top: 1px solid var(--hair); color: var(--soft); font-size: .85rem; }
@media print { main { padding-top: 0; } details { display: none; } h2 { break-after: avoid; } figure { break-inside: avoid; } }
`;
