// The style sheet and the script of a report. Colours of curves are Okabe and Ito's, told apart by the colour-blind too, and
// darker on a light page where they would be too faint.
#pragma once

namespace eddy {

inline constexpr const char* kReportStyle = R"css(
:root { color-scheme: light dark;
  --page: #f6f7f9; --panel: #ffffff; --ink: #1c2430; --soft: #566070; --rule: #dde1e8; --good: #00664a; --bad: #a83a00;
  --c0: #0067a5; --c1: #c45500; --c2: #00805f; --c3: #a8387f; --c4: #8a6d00; --c5: #3d9bd0; --c6: #5b4bb0; --c7: #444444; }
@media (prefers-color-scheme: dark) { :root {
  --page: #12161c; --panel: #1b2129; --ink: #e8ebf0; --soft: #a3adbb; --rule: #323a46; --good: #4fc9a4; --bad: #ff9a5c;
  --c0: #5ab4f0; --c1: #f0913c; --c2: #2fc79a; --c3: #e58fc0; --c4: #e6cf4a; --c5: #9ad5f7; --c6: #b0a3ff; --c7: #cccccc; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 24px 16px 48px; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 8px; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 0 0 4px; }
h3 { font-size: .9rem; font-weight: 600; color: var(--soft); margin: 0 0 6px; overflow-wrap: anywhere; }
.verdict { font-size: 1.1rem; margin: 0 0 16px; color: var(--good); }
.verdict.lost { color: var(--bad); }
.figures { display: flex; flex-wrap: wrap; gap: 10px; margin: 0 0 16px; padding: 0; }
.figures div { background: var(--panel); border: 1px solid var(--rule); border-radius: 8px; padding: 8px 16px; min-width: 130px; }
.figures div:first-child { border-color: var(--c0); }
.figures dt { color: var(--soft); font-size: .85rem; }
.figures dd { margin: 0; font-size: 1.5rem; font-variant-numeric: tabular-nums; }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 340px), 1fr)); gap: 2px 24px; margin: 0 0 24px; }
.facts div { display: flex; gap: 12px; border-bottom: 1px solid var(--rule); padding: 3px 0; }
.facts dt { flex: 0 0 8.5em; color: var(--soft); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
section { background: var(--panel); border: 1px solid var(--rule); border-radius: 8px; padding: 16px; margin: 0 0 16px; }
.lesson { margin: 0 0 14px; color: var(--soft); max-width: 75ch; }
.panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 460px), 1fr)); gap: 18px; }
.panel { min-width: 0; margin: 0; }
.wide { grid-column: 1 / -1; }
@media (min-width: 900px) {
  section.beside { display: grid; grid-template-columns: minmax(240px, 1fr) minmax(0, 640px); gap: 24px; }
}
svg { display: block; max-width: 100%; height: auto; }
.scroll { overflow-x: auto; }
.scroll svg { max-width: none; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 2px 16px; margin: 0 0 4px; padding: 0; font-size: .85rem; }
.legend i { display: inline-block; width: 20px; height: 0; margin-right: 6px; vertical-align: middle; border-top: 3px solid; }
.legend i.level { border-top-style: dashed; }
.legend i.bar, .legend i.band, .legend i.warm, .legend i.cold { height: 12px; border: 0; }
pre { margin: 0; padding: 12px; background: var(--page); border-radius: 6px; white-space: pre-wrap; overflow-wrap: anywhere;
  font: .85rem/1.45 ui-monospace, monospace; max-height: 28em; overflow-y: auto; }
pre b { color: var(--c0); }
.tagged { margin: 0 0 10px; line-height: 1.9; }
.tagged span[class] { border-bottom: 2px solid; }
.tagged sub { font-size: .65em; margin-left: 2px; }
.tagged del { color: var(--bad); }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .9rem; }
th, td { text-align: right; padding: 3px 12px 3px 0; border-bottom: 1px solid var(--rule); }
th { color: var(--soft); font-weight: 600; }
th:first-child, td:first-child { text-align: left; }
footer { color: var(--soft); font-size: .85rem; }
text { font-size: 12px; fill: var(--ink); }
text.tick, text.step { fill: var(--soft); }
text.step { font-family: ui-monospace, monospace; font-size: 11px; }
.grid { stroke: var(--rule); }
.axis, .start { stroke: var(--soft); }
.start { stroke-dasharray: 2 3; }
svg .line { fill: none; stroke: currentColor; stroke-width: 2; stroke-linejoin: round; }
svg .line.fine { stroke-width: 1.2; }
svg .level { stroke: currentColor; stroke-width: 2; stroke-dasharray: 7 5; }
svg .dot, svg .bar { fill: currentColor; }
.legend i.bar { background: currentColor; }
.band { fill: var(--c0); fill-opacity: .22; }
.legend i.band { background: var(--c0); opacity: .3; }
.warm { fill: var(--c1); background: var(--c1); shape-rendering: crispEdges; }
.cold { fill: var(--c0); background: var(--c0); shape-rendering: crispEdges; }
.past { color: var(--ink); } svg .line.past { stroke-width: 1.5; }
.happened { color: var(--c1); } svg .line.happened { stroke-width: 2; }
.hit { fill: transparent; } .hit:hover { fill: var(--soft); fill-opacity: .25; }
.c0 { color: var(--c0); } .c1 { color: var(--c1); } .c2 { color: var(--c2); } .c3 { color: var(--c3); }
.c4 { color: var(--c4); } .c5 { color: var(--c5); } .c6 { color: var(--c6); } .c7 { color: var(--c7); }
.between0 { color: color-mix(in srgb, var(--c1) 0%, var(--c0)); }
.between1 { color: color-mix(in srgb, var(--c1) 10%, var(--c0)); }
.between2 { color: color-mix(in srgb, var(--c1) 20%, var(--c0)); }
.between3 { color: color-mix(in srgb, var(--c1) 30%, var(--c0)); }
.between4 { color: color-mix(in srgb, var(--c1) 40%, var(--c0)); }
.between5 { color: color-mix(in srgb, var(--c1) 50%, var(--c0)); }
.between6 { color: color-mix(in srgb, var(--c1) 60%, var(--c0)); }
.between7 { color: color-mix(in srgb, var(--c1) 70%, var(--c0)); }
.between8 { color: color-mix(in srgb, var(--c1) 80%, var(--c0)); }
.between9 { color: color-mix(in srgb, var(--c1) 90%, var(--c0)); }
.between10 { color: color-mix(in srgb, var(--c1) 100%, var(--c0)); }
.note { fill: var(--c0); } .note:hover { fill: var(--c1); } .black { fill: var(--rule); fill-opacity: .35; }
button.play { font: inherit; font-size: .85rem; margin: 0 0 6px; padding: 2px 14px; border: 1px solid var(--c0); border-radius: 6px;
  background: none; color: var(--c0); cursor: pointer; }
#tip { position: fixed; pointer-events: none; background: var(--ink); color: var(--page); padding: 4px 8px; border-radius: 4px;
  font-size: .85rem; white-space: pre; max-width: 90vw; overflow: hidden; }
)css";

// Shows the <title> of what is pointed at or touched at once; without scripts the browser shows it by itself.
inline constexpr const char* kReportScript = R"js(
const tip = document.getElementById("tip");
for (const title of document.querySelectorAll("svg title")) {
  title.parentNode.dataset.tip = title.textContent;
  title.remove();
}
const show = (event) => {
  const text = event.target.dataset && event.target.dataset.tip;
  tip.hidden = !text;
  if (!text) return;
  tip.textContent = text;
  tip.style.left = Math.max(4, Math.min(event.clientX + 12, innerWidth - tip.offsetWidth - 4)) + "px";
  tip.style.top = Math.max(4, event.clientY - tip.offsetHeight - 10) + "px";
};
addEventListener("pointermove", show);
addEventListener("pointerdown", show);

/* A piano roll as sound: each note a tone that fades. */
let playing = null;
const silence = () => {
  if (!playing) return;
  playing.audio.close();
  playing.button.textContent = "Play";
  playing = null;
};
for (const button of document.querySelectorAll("button.play")) button.addEventListener("click", () => {
  const own = playing && playing.button === button;
  silence();
  if (own) return;
  const audio = new AudioContext(), quarter = Number(button.dataset.seconds);
  playing = { audio, button };
  button.textContent = "Stop";
  let end = 0;
  for (const note of button.dataset.notes.split(" ").filter(Boolean)) {
    const [key, begin, length] = note.split(",").map(Number);
    const from = audio.currentTime + 0.1 + begin * quarter, to = from + length * quarter;
    const tone = audio.createOscillator(), volume = audio.createGain();
    tone.type = "triangle";
    tone.frequency.value = 440 * 2 ** ((key - 69) / 12);
    volume.gain.setValueAtTime(0, from);
    volume.gain.linearRampToValueAtTime(0.12, from + 0.01);
    volume.gain.setTargetAtTime(0.05, from + 0.02, 0.3);
    volume.gain.setTargetAtTime(0, to, 0.04);
    tone.connect(volume).connect(audio.destination);
    tone.start(from);
    tone.stop(to + 0.3);
    end = Math.max(end, to + 0.3);
  }
  setTimeout(() => { if (playing && playing.audio === audio) silence(); }, 1000 * (end - audio.currentTime));
});
)js";

}  // namespace eddy
