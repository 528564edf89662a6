/**
 * Nothing of the page's style applies here, not even inherited properties or the root's font size. The colours are those of the
 * extension's own pages.
 */
const CSS = `
:host {
  all: initial;
  --surface: #ffffff; --border: #d8dfe4; --text: #17212b; --muted: #46535f;
  --accent: #0b6670; --accent-strong: #084f57; --on-accent: #ffffff;
  --good: #1f9254; --bad: #d0382f; --bad-text: #a3221b; --busy: #84919d;
  color-scheme: light dark;
}
@media (prefers-color-scheme: dark) {
  :host {
    --surface: #1a2229; --border: #303c46; --text: #e8edf1; --muted: #bcc7d1;
    --accent: #69cbd3; --accent-strong: #93dde3; --on-accent: #08282c;
    --good: #46c47c; --bad: #f0675d; --bad-text: #ffa59c; --busy: #8996a2;
  }
}
*, ::before { box-sizing: border-box; }
[hidden] { display: none !important; }
dialog {
  width: min(420px, calc(100vw - 24px)); max-width: none; max-height: calc(100vh - 24px); margin: auto;
  padding: 20px; overflow: auto; border: 1px solid var(--border); border-radius: 10px;
  border-block-start: 4px solid var(--tone); background: var(--surface); color: var(--text);
  box-shadow: 0 12px 40px rgb(0 0 0 / 28%);
  font: 400 14px/1.45 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif;
  overflow-wrap: anywhere; --tone: var(--busy);
}
.good { --tone: var(--good); }
.bad { --tone: var(--bad); }
dialog::backdrop { background: rgb(10 20 28 / 55%); }
h2 { margin: 0 0 6.4px; font-size: 18px; line-height: 1.3; }
.from { margin-block-end: 6px; font-size: 12px; font-weight: 600; }
p { margin: 0; color: var(--muted); }
code {
  display: block; margin-block-start: 8px; color: var(--bad-text); white-space: pre-line;
  font: 12px/1.45 ui-monospace, 'Cascadia Mono', Menlo, Consolas, 'Noto Sans Mono', monospace;
}
.buttons {
  display: flex; flex-wrap: wrap; justify-content: center; gap: 6px 20px; margin-block-start: 17.6px;
}
button {
  min-height: 32px; padding: 4px 6px; border: 0; border-radius: 6px; background: none; color: var(--accent);
  font: inherit; text-decoration: underline; text-underline-offset: 3px; cursor: pointer;
}
button:hover { color: var(--accent-strong); }
button.primary {
  flex: 1 0 100%; min-height: 40px; background: var(--accent); color: var(--on-accent); font-weight: 600;
  text-decoration: none;
}
button.primary:hover { background: var(--accent-strong); }
button[aria-disabled='true'] { opacity: 0.6; cursor: default; }
button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
`

/** Gives the shadow root its style, whatever the page's content security policy says about styles. */
export function dress(root: ShadowRoot): void {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(CSS)
  root.adoptedStyleSheets = [sheet]
}
