/** The page's only style: dark and light by `prefers-color-scheme`, light on paper. 红涨绿跌: `--rise` is red. Colours are those of the cockpit. */
export const reportStyle = `
:root{color-scheme:light dark;--ground:#eef1f5;--panel:#fdfdfe;--raised:#f3f6f9;--line:#e2e7ed;--edge:#c6ced8;--text:#18202b;--dim:#4e5968;--faint:#6f7a89;--accent:#1f63d6;--second:#a8650a;--bench:#6f7a89;--ok:#0b7d72;--warn:#b97608;--bad:#cc2530;--rise:#cc2530;--fall:#087a4e;
--sans:system-ui,-apple-system,'Segoe UI','PingFang SC','Hiragino Sans GB','Microsoft YaHei','Noto Sans SC','Noto Sans CJK SC',sans-serif;--mono:'JetBrains Mono','SF Mono',Menlo,Consolas,'PingFang SC','Microsoft YaHei','Noto Sans SC',monospace}
@media (prefers-color-scheme:dark){:root{--ground:#090c11;--panel:#0e1218;--raised:#141922;--line:#1c222c;--edge:#2c3543;--text:#d7dde6;--dim:#98a2b1;--faint:#758091;--accent:#6aa9ff;--second:#e0a53a;--bench:#8b95a5;--ok:#3fb6a8;--warn:#e0a53a;--bad:#f4525a;--rise:#f4525a;--fall:#25b883}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:13px/1.5 var(--sans);-webkit-text-size-adjust:100%}
main{max-width:1400px;margin:0 auto;padding:20px 24px 48px}
h1{font-size:22px;line-height:1.25;margin:0;font-weight:650;letter-spacing:-.01em}
h2{font-size:14px;line-height:1.4;margin:0 0 10px;font-weight:650}
h2 span,th span,figcaption span,.tile h3 span,.light h3 span{color:var(--faint);font-weight:400}
h3{font-size:12px;line-height:1.4;margin:0;font-weight:500;color:var(--dim)}
.tile h3 span{display:block;font-size:11px}
.light em{font:500 11px var(--sans);letter-spacing:0;font-style:normal;color:var(--dim)}
a{color:inherit}
header{display:grid;grid-template-columns:1fr auto;gap:6px 24px;align-items:end;margin-bottom:14px}
header .sub{color:var(--dim);margin-top:2px}
.verdict{display:flex;align-items:center;gap:8px;padding:6px 12px;border:1px solid var(--edge);border-radius:6px;font-weight:600;background:var(--panel)}
.facts{grid-column:1/-1;display:grid;grid-template-columns:repeat(6,minmax(0,1fr));margin:4px 0 0;gap:1px;background:var(--line);border:1px solid var(--line);border-radius:6px;overflow:hidden}
.facts div{background:var(--panel);padding:5px 10px}.facts .wide{grid-column:span 3}
.facts dt,.facts dd{margin:0}
.facts dt{color:var(--faint);font-size:11px}
.facts dd{font-family:var(--mono);font-size:12px;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.caveats{grid-column:1/-1;margin:2px 0 0;padding:5px 12px 5px 28px;font-size:12px;border-left:3px solid var(--warn);background:var(--panel);color:var(--dim);border-radius:0 6px 6px 0}
nav{position:sticky;top:0;z-index:2;display:flex;flex-wrap:wrap;gap:2px 11px;padding:8px 0;margin-bottom:10px;background:var(--ground);border-bottom:1px solid var(--line);font-size:11.5px}
nav a{color:var(--dim);text-decoration:none;white-space:nowrap}
nav a:hover{color:var(--text)}
.row{display:grid;gap:10px;margin-bottom:10px}
.lights{grid-template-columns:repeat(5,minmax(0,1fr))}
.tiles{grid-template-columns:repeat(8,minmax(0,1fr))}
.light,.tile{background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:10px 12px}
.light{border-top:3px solid var(--faint)}
.light.green{border-top-color:var(--ok)}.light.amber{border-top-color:var(--warn)}.light.red{border-top-color:var(--bad)}
.light .value,.tile .value{font:600 20px/1.3 var(--mono);font-variant-numeric:tabular-nums;white-space:nowrap;letter-spacing:-.02em}
.tile .value{font-size:17px}
.light small,.tile small{display:block;color:var(--faint);font-size:11px;line-height:1.4}
.dot{display:inline-block;width:10px;height:10px;border-radius:50%;background:var(--faint);flex:none}
.green .dot,.dot.green{background:var(--ok)}.amber .dot,.dot.amber{background:var(--warn)}.red .dot,.dot.red{background:var(--bad)}
.light h3 .dot{margin-right:6px}
.sections{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:10px;align-items:start}
section{grid-column:1/-1;background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:14px 16px;min-width:0;scroll-margin-top:64px}
.column{display:grid;gap:10px;align-content:start;min-width:0}
.charts{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:16px}
.scroll{overflow:auto}
.scroll.tall{max-height:470px}
.scroll.tall thead th{position:sticky;top:0;background:var(--panel);box-shadow:0 1px 0 var(--edge)}
table{width:100%;border-collapse:collapse;font-size:12px}
caption{text-align:left;color:var(--dim);padding-bottom:4px}
th,td{padding:3px 8px;text-align:right;vertical-align:top;border-bottom:1px solid var(--line)}
th:first-child,td:first-child{padding-left:0}
th:last-child,td:last-child{padding-right:0}
th{font-weight:500;color:var(--dim);vertical-align:bottom;border-bottom:1px solid var(--edge);line-height:1.3}
th span{display:block;font-size:11px}
td{font-family:var(--mono);font-variant-numeric:tabular-nums;white-space:nowrap}
td.text,th.text{text-align:left}
td.text{font-family:var(--sans);white-space:normal}
td.text.num{font-family:var(--mono);white-space:nowrap}
tbody tr:last-child td{border-bottom:0}
tbody tr:hover td{background-color:var(--raised)}
td[title],th[title]{cursor:help}
.rise{color:var(--rise)}.fall{color:var(--fall)}
.missing,.absent,td.quiet{color:var(--faint)}td.ok{color:var(--ok)}td.bad{color:var(--bad)}
.note{color:var(--faint);font-size:11.5px;margin:6px 0 0}
td.text.definition{color:var(--faint);font-size:11.5px}
figure{margin:0;min-width:0}
figcaption{display:flex;flex-wrap:wrap;gap:2px 16px;margin-bottom:4px;color:var(--dim);font-size:12px;align-items:baseline}
.key{display:inline-flex;align-items:center;gap:5px;white-space:nowrap;font-size:11.5px}
.key i{width:14px;height:0;border-top:2px solid var(--accent)}
.key.benchmark i{border-color:var(--bench)}.key.second i{border-color:var(--second)}.key.faint i{border-color:var(--faint);border-top-style:dashed}.key.area i{border-color:var(--fall)}
.key b{font:500 11.5px var(--mono);color:var(--text)}
svg{display:block;width:100%;height:auto;overflow:visible}
.grid{stroke:var(--line);stroke-width:1}.grid.zero{stroke:var(--edge)}
.tick{font:10.5px var(--mono);fill:var(--faint)}.tick.strong{fill:var(--dim)}
.line{fill:none;stroke:var(--accent);stroke-width:1.7;stroke-linejoin:round}
.line.benchmark{stroke:var(--bench);stroke-width:1.2}.line.second{stroke:var(--second);stroke-width:1.4}.line.faint{stroke:var(--faint);stroke-width:1;stroke-dasharray:3 3}.line.area{stroke:var(--fall);stroke-width:1.1}
.c1{--own:var(--accent)}.c2{--own:var(--second)}.c3{--own:#9a6bd8}.c4{--own:#1c9aa8}.c5{--own:#c4568f}.c6{--own:#7d8a2e}.c7{--own:#b0633a}.c8{--own:var(--bench)}.line[class*=' c']{stroke:var(--own)}.key[class*=' c'] i{border-color:var(--own)}
.fill{fill:var(--fall);fill-opacity:.16}
.band{fill:var(--accent);fill-opacity:.06}
.hit{fill:transparent}.hit:hover{fill:var(--text);fill-opacity:.06}
.bar.rise{fill:var(--rise)}.bar.fall{fill:var(--fall)}.bar.across{fill:var(--faint)}.bar{fill-opacity:.75}
.mark{stroke:var(--second);stroke-width:1;stroke-dasharray:2 2}
.cell.rise{fill:var(--rise)}.cell.fall{fill:var(--fall)}.cell.none{fill:none;stroke:var(--line);stroke-dasharray:2 2}
.cellText{fill:var(--text)}.bestCell{fill:none;stroke:var(--text);stroke-width:1.6}
section>*+*{margin-top:14px}
section>h2+*{margin-top:0}
section>.note{margin-top:6px}
details{margin-top:4px}
summary{cursor:pointer;color:var(--faint);font-size:11.5px;width:max-content}
summary:hover{color:var(--text)}
footer{margin-top:18px;color:var(--faint);font-size:11.5px}
@media (max-width:1100px){.facts{grid-template-columns:repeat(3,minmax(0,1fr))}.tiles{grid-template-columns:repeat(4,1fr)}.sections,.charts{grid-template-columns:minmax(0,1fr)}.lights{grid-template-columns:repeat(auto-fit,minmax(190px,1fr))}}
@media print{:root{color-scheme:light;--ground:#fff;--panel:#fff;--raised:#fff;--line:#dfe4ea;--edge:#b6bfca;--text:#10161f;--dim:#3d4755;--faint:#5c6675;--accent:#1f63d6;--second:#a8650a;--bench:#6f7a89;--ok:#0b7d72;--warn:#b97608;--bad:#cc2530;--rise:#cc2530;--fall:#087a4e}
@page{size:A4 landscape;margin:11mm}
body{font-size:10.5px;print-color-adjust:exact;-webkit-print-color-adjust:exact}main{max-width:none;padding:0}nav,summary{display:none}
section,.light,.tile{break-inside:avoid}section.long{break-inside:auto}tr{break-inside:avoid}thead{display:table-header-group}
.scroll,.scroll.tall{overflow:visible;max-height:none}table{font-size:9.5px}th,td{padding:2px 5px}.light .value{font-size:16px}.tile .value{font-size:13px}
.facts{grid-template-columns:repeat(6,minmax(0,1fr))}.facts dd,.facts dt,.caveats,figcaption,.light small,.tile small,.note,.key,.key b,th span,td.text.definition{font-size:9px}.lights{grid-template-columns:repeat(5,minmax(0,1fr))}.tiles{grid-template-columns:repeat(8,minmax(0,1fr))}.tile,.light{padding:6px 8px}.sections{grid-template-columns:repeat(2,minmax(0,1fr));gap:8px}section{padding:9px 11px}h2{font-size:12px;margin-bottom:6px}h3{font-size:10px}.charts{grid-template-columns:repeat(3,minmax(0,1fr))}.sections details{display:none}}
`
