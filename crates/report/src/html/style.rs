//! The style of HTML reports: a calm page, and paper.

pub(super) const STYLE: &str = "\
:root { color-scheme: light; --ink: #18191b; --ink-2: #54575d; --ink-3: #696c73; --line: #e8e7e3; --accent: #3f4ac4; }
* { box-sizing: border-box; }
body { margin: 0; background: #f7f7f5; color: var(--ink); font: 15px/1.5 Inter, system-ui, 'Segoe UI', Roboto, 'Noto Sans', sans-serif;
  font-feature-settings: 'tnum'; }
main { max-width: 816px; margin: 32px auto; padding: 56px 48px; background: #fff; }
header { border-bottom: 1px solid var(--line); padding-bottom: 24px; }
.logo { float: right; max-height: 64px; object-fit: contain; }
.draft { display: inline-block; margin: 0 0 16px; padding: 2px 10px; background: #fdf3dc; color: #8a5a00; font-size: 13px; font-weight: 600; }
.subject { margin: 0; color: var(--accent); font-size: 13px; font-weight: 600; }
h1 { margin: 4px 0; font-size: 32px; line-height: 1.2; font-weight: 600; letter-spacing: -0.01em; }
.period { margin: 0; color: var(--ink-2); }
.lead { margin: 20px 0 0; max-width: 62ch; }
section { margin-top: 40px; break-inside: avoid-page; }
h2 { margin: 0 0 4px; font-size: 20px; line-height: 1.3; font-weight: 600; }
.note { margin: 0 0 16px; color: var(--ink-3); font-size: 13px; }
section > p { max-width: 66ch; }
svg { display: block; width: 100%; height: auto; margin-top: 12px; font-family: inherit; font-feature-settings: normal; overflow: visible; }
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(160px, 1fr)); gap: 24px 32px; margin-top: 16px; }
.figures p { margin: 0; font-size: 13px; color: var(--ink-3); }
.figures .label { color: var(--ink-2); }
.figures .value { color: var(--ink); font-size: 32px; line-height: 1.25; font-weight: 600; letter-spacing: -0.01em; }
.table { overflow-x: auto; }
table { width: 100%; margin-top: 12px; border-collapse: collapse; font-size: 13px; }
th { padding: 6px 12px 6px 0; border-bottom: 1px solid #d5d4cf; color: var(--ink-3); font-weight: 600; text-align: start; vertical-align: bottom; }
td { padding: 6px 12px 6px 0; border-bottom: 1px solid var(--line); text-align: start; vertical-align: top; overflow-wrap: break-word; }
th.number, td.number { text-align: end; padding-right: 0; padding-left: 12px; white-space: nowrap; }
td.number + td:not(.number), th.number + th:not(.number) { padding-left: 24px; }
tr { break-inside: avoid; }
article { margin-top: 16px; padding-left: 16px; border-left: 3px solid var(--line); break-inside: avoid; }
.about { margin: 0; color: var(--ink-3); font-size: 13px; }
.post { margin: 2px 0 0; white-space: pre-line; overflow-wrap: anywhere; }
a { color: var(--accent); }
dl { margin: 12px 0 0; font-size: 13px; }
dt { font-weight: 600; }
dd { margin: 0 0 10px; color: var(--ink-2); max-width: 76ch; }
footer { margin-top: 48px; padding-top: 16px; border-top: 1px solid var(--line); color: var(--ink-3); font-size: 12px; }
footer p { margin: 0 0 4px; }
@media (max-width: 640px) { main { margin: 0; padding: 24px 16px; } }
@page { size: A4; margin: 16mm; }
@media print {
  body { background: none; font-size: 10.5pt; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  main { margin: 0; padding: 0; max-width: none; }
  a { color: inherit; }
}
";
