/** The one stylesheet of all public pages. No script, no font and no image is fetched with it. */
export const stylesheet = `
:root{color-scheme:light dark;--ground:#f3f4f6;--paper:#fff;--ink:#1c1f24;--soft:#565d68;--line:#8a919c;--fine:#dfe2e7;--bad:#b3261e;--good:#136c3a;--tint:#f6f7f9}
@media(prefers-color-scheme:dark){:root{--ground:#121418;--paper:#1b1e24;--ink:#eceef2;--soft:#a9b0bb;--line:#7c8490;--fine:#31363f;--bad:#ff8f86;--good:#6fd79a;--tint:#22262d}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;min-height:100vh;display:flex;flex-direction:column;align-items:center;padding:clamp(1rem,5vw,3.5rem) 1rem}
.sheet{width:100%;max-width:37rem}
header{margin:0 0 1.25rem;font-weight:600;font-size:1.05rem;overflow-wrap:anywhere}
header img{max-height:3rem;max-width:14rem;display:block}
main{background:var(--paper);border:1px solid var(--fine);border-radius:.9rem;padding:clamp(1.25rem,5vw,2.25rem);box-shadow:0 1px 2px rgb(0 0 0/.04),0 8px 24px rgb(0 0 0/.05)}
h1{font-size:1.6rem;line-height:1.2;margin:0 0 .6rem;letter-spacing:-.015em;overflow-wrap:anywhere}
h2{font-size:1.1rem;margin:1.75rem 0 .6rem}
p{margin:0 0 1rem}
.soft{color:var(--soft)}
.small{font-size:.875rem}
.text{white-space:pre-line;overflow-wrap:anywhere}
a{color:var(--link);text-underline-offset:.15em}
form{margin:0}
fieldset{border:0;padding:0;margin:0 0 1.25rem;min-width:0}
legend{padding:0;font-weight:600;margin-bottom:.5rem}
label{display:block}
.choice{display:flex;gap:.75rem;align-items:flex-start;padding:.8rem .9rem;border:1px solid var(--fine);border-radius:.6rem;margin-bottom:.5rem;cursor:pointer}
.choice:has(:checked){border-color:var(--brand);background:var(--tint)}
.choice input{flex:none;width:1.25rem;height:1.25rem;margin:.12rem 0 0;accent-color:var(--brand)}
.choice b{display:block;font-weight:600}
.choice span span{color:var(--soft);font-size:.9rem}
.field{margin-bottom:1rem}
.field label{font-weight:600;margin-bottom:.3rem}
.field input,.field textarea{width:100%;font:inherit;color:inherit;background:var(--paper);border:1px solid var(--line);border-radius:.55rem;padding:.65rem .75rem;min-height:2.9rem}
.field textarea{min-height:5.5rem;resize:vertical}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:.75rem}
.pair .field{margin-bottom:.6rem}
@media(max-width:30rem){.pair{grid-template-columns:1fr;gap:0}}
[aria-invalid=true]{border-color:var(--bad)!important}
.problem{color:var(--bad);font-size:.9rem;margin:.3rem 0 0}
.notice{border-left:.25rem solid var(--good);background:var(--tint);padding:.8rem 1rem;border-radius:.4rem;margin:1rem 0 1.25rem}
.notice.bad{border-color:var(--bad)}
.notice p{margin:0}
.choice+button{margin-top:.75rem}
button,.button{font:inherit;font-weight:600;border:1px solid transparent;border-radius:.6rem;background:var(--brand);color:var(--on-brand);padding:.7rem 1.25rem;min-height:2.9rem;cursor:pointer;text-decoration:none;display:inline-block}
button.plain,.button.plain{background:none;color:var(--ink);border-color:var(--line)}
button:hover,.button:hover{filter:brightness(1.08)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.row{display:flex;flex-wrap:wrap;gap:.6rem;align-items:center}
hr{border:0;border-top:1px solid var(--fine);margin:1.75rem 0}
dl{margin:0 0 1.25rem;display:grid;grid-template-columns:max-content 1fr;gap:.35rem 1rem}
dt{color:var(--soft)}
dd{margin:0;overflow-wrap:anywhere}
footer{margin-top:1.5rem;color:var(--soft);font-size:.85rem}
footer p{margin:0 0 .35rem;white-space:pre-line;overflow-wrap:anywhere}
.trap{position:absolute;left:-200vw;height:1px;overflow:hidden}
@media(prefers-reduced-motion:no-preference){button,.button,.choice{transition:filter .12s,border-color .12s,background .12s}}
`.trim();
