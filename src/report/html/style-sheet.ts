import { dark, light, properties } from "./palette.ts";

/** The whole style of the page. No archive text ever gets into it. */
export const styleSheet = `
:root{color-scheme:light dark;${properties(light)}}
@media (prefers-color-scheme:dark){:root{${properties(dark)}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere}
body>header,main,body>footer{max-width:64rem;margin:0 auto;padding:0 1.25rem}
body>header{padding-top:2.5rem}
body>footer{padding-block:1rem 3rem;color:var(--dim);font-size:.85rem}
h1,h2,h3,h4,h5,p,ul,dl,table{margin:0}
h1,h2,h3,h4,h5{line-height:1.25;text-wrap:balance}
h1{font-size:1.75rem;letter-spacing:-.01em}
h2{font-size:1.4rem;letter-spacing:-.01em}
h3{font-size:1.05rem;margin:2rem 0 .75rem;padding-bottom:.35rem;border-bottom:1px solid var(--line)}
h3 small{font-weight:400;color:var(--dim);font-size:.85rem;margin-left:.35rem}
h4{font-size:.8rem;text-transform:uppercase;letter-spacing:.06em;color:var(--dim);margin:1.5rem 0 .5rem}
h5{font-size:1rem;font-weight:600}
ul{padding:0;list-style:none}
code{font:.86em/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;unicode-bidi:isolate}
.message,td,dd{unicode-bidi:isolate}
a{color:var(--accent);text-underline-offset:.15em}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.dim,.sub{color:var(--dim)}
.kind{color:var(--dim);font-size:.85rem;margin-bottom:.25rem}
.verdict{margin:1rem 0;padding:.7rem 1rem;background:var(--card);border:1px solid var(--line);border-left:4px solid var(--dim);border-radius:6px}
.verdict.high{border-left-color:var(--high)}.verdict.ok{border-left-color:var(--ok)}.verdict.medium{border-left-color:var(--medium)}
.verdict.high strong{color:var(--high)}.verdict.ok strong{color:var(--ok)}.verdict.medium strong{color:var(--medium)}
.archive{margin:1.5rem 0;padding:1.5rem 1.5rem 1.75rem;background:var(--card);border:1px solid var(--line);border-radius:10px}
.mark{font-weight:600;white-space:nowrap}
.mark.critical{color:var(--critical)}.mark.high{color:var(--high)}.mark.medium{color:var(--medium)}.mark.low{color:var(--low)}.mark.info{color:var(--info)}.mark.ok{color:var(--ok)}
.marks .mark{margin-right:.6em}
.counts{display:grid;grid-template-columns:repeat(5,1fr);gap:.5rem;margin:1.1rem 0 .6rem}
.counts li{padding:.5rem .7rem;border:1px solid var(--line);border-radius:6px;font-size:.85rem}
.counts strong{display:block;font-size:1.5rem;line-height:1.2;font-variant-numeric:tabular-nums}
.counts .none{color:var(--dim)}.counts .none strong{font-weight:400}
.counts .critical{color:var(--critical)}.counts .high{color:var(--high)}.counts .medium{color:var(--medium)}.counts .low{color:var(--low)}.counts .info{color:var(--info)}
.bar{display:block;width:100%;height:.75rem;border-radius:3px}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(17rem,1fr));gap:.6rem 1.5rem;margin:1.2rem 0 0}
dl>:last-child{grid-column:1/-1}
dt{color:var(--dim);font-size:.8rem}
dd{margin:0}
.counts~.dim{margin-top:.4rem;font-size:.9rem}
.finding{margin:.6rem 0;padding:.8rem 1rem .7rem;border:1px solid var(--line);border-left:4px solid var(--info);border-radius:6px;break-inside:avoid}
.finding.critical{border-left-color:var(--critical)}.finding.high{border-left-color:var(--high)}.finding.medium{border-left-color:var(--medium)}.finding.low{border-left-color:var(--low)}
.finding h5 .mark{margin-right:.4em}
.sightings>li{margin-top:.5rem}
.sightings>li+li{padding-top:.5rem;border-top:1px dashed var(--line)}
.places{margin:.2rem 0 .2rem;padding-left:.9rem;border-left:2px solid var(--line);font:.82rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;color:var(--dim)}
.places li{unicode-bidi:isolate}
.facts{font-size:.82rem;color:var(--dim)}
.facts span{display:inline-block;margin-right:.9em}
.print{display:block;margin-top:.15rem;color:var(--dim);font-size:.72rem}
.remedy{margin-top:.6rem}
.remedy strong{color:var(--ok);font-weight:600;margin-right:.3em}
.why{margin-top:.4rem;color:var(--dim);font-size:.92rem}
.foot{margin-top:.4rem;font-size:.82rem;color:var(--dim)}
.link{margin-left:.8em}
.plain>li{margin:.4rem 0}
.file{display:block;color:var(--dim);font-size:.78rem}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;margin:.55rem 0 .7rem;font-size:.88rem}
.legend svg{width:.75rem;height:.75rem;margin-right:.4rem;vertical-align:-.05rem}
table{width:100%;border-collapse:collapse;font-size:.9rem}
caption{text-align:left;color:var(--dim);font-size:.85rem;padding:.5rem 0 .25rem}
th,td{padding:.3rem .9rem .3rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
th:last-child,td:last-child{padding-right:0}
thead th{font-size:.78rem;font-weight:600;color:var(--dim);vertical-align:bottom}
tbody th{font-weight:400}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.memory td:nth-child(2){width:62%;vertical-align:middle}
.pid{display:inline-block;min-width:1.6em;padding:0 .4em;border-radius:4px;background:var(--page);border:1px solid var(--line);font-size:.82em;text-align:center;font-variant-numeric:tabular-nums}
.tree ul ul{margin-left:.8rem}
.tree li{position:relative}
.tree ul ul>li{padding-left:1.2rem}
.tree ul ul>li::before{content:"";position:absolute;left:0;top:0;width:.9rem;height:1.05rem;border:solid var(--dim);border-width:0 0 1px 1px;border-bottom-left-radius:5px}
.tree ul ul>li:not(:last-child)::after{content:"";position:absolute;left:0;top:0;bottom:0;border-left:1px solid var(--dim)}
.process{padding:.22rem 0}
.process code{color:var(--dim)}
.process .dim{font-size:.88em}
details>summary{cursor:pointer;color:var(--accent)}
.fold{margin-top:.6rem}
.fold>summary{padding:.2rem 0}
.hash{font-size:.72rem}
@media (max-width:40rem){
body>header,main,body>footer{padding-inline:.75rem}
body>header{padding-top:1.25rem}
h1{font-size:1.4rem}
.archive{padding:1rem .9rem 1.2rem}
.counts{grid-template-columns:repeat(3,1fr)}
dl{grid-template-columns:1fr}
.finding{padding:.7rem .8rem}
.wide thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
.wide,.wide tbody,.wide tr,.wide th{display:block;text-align:left}
.wide caption{display:block}
.wide th,.wide td{padding:0;border:0}
.wide td{display:inline-block;margin-right:.9em}
.wide tr{padding:.4rem 0;border-bottom:1px solid var(--line)}
.memory td:nth-child(2){width:45%}
}
@media print{
:root{${properties(light)};--page:#fff}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
body{font-size:10.5pt}
body>header,main,body>footer{max-width:none;padding-inline:0}
.archive{border:0;padding:0;break-before:page}
main>.archive:first-child{break-before:auto}
h2,h3,h4,h5{break-after:avoid}
details::details-content{content-visibility:visible;block-size:auto}
details>summary{color:var(--dim)}
@page{margin:16mm}
}
`;
