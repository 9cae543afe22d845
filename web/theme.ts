/** Dark by default; `system` follows the operating system. */
export type ThemeChoice = 'dark' | 'light' | 'system'

/** 红涨绿跌 is `red-up`, the custom of this market. */
export type PriceColours = 'red-up' | 'green-up'

interface Palette {
  readonly ground: string
  readonly panel: string
  readonly raised: string
  readonly line: string
  readonly edge: string
  readonly text: string
  readonly dim: string
  readonly faint: string
  readonly accent: string
  readonly ok: string
  readonly warn: string
  readonly bad: string
  readonly red: string
  readonly green: string
  readonly flat: string
  readonly band: string
  readonly bandMid: string
  readonly ma5: string
  readonly ma10: string
  readonly ma20: string
  readonly ma60: string
}

/** Every colour of the pages and canvases, by role. `rise`, `fall` and `flat` are the only price colours. */
export interface Tokens extends Omit<Palette, 'red' | 'green'> {
  readonly rise: string
  readonly fall: string
}

/**
 * Figures and canvas text. The packaged digits come first because column widths are measured on them;
 * the stack ends in a font that has Chinese: 万 and 亿 are digits here.
 */
export const numberFont = "'JetBrains Mono Variable', 'SF Mono', Menlo, Consolas, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans SC Variable', monospace"

const palettes: Readonly<Record<'dark' | 'light', Palette>> = {
  dark: {
    ground: '#090c11',
    panel: '#0e1218',
    raised: '#161b24',
    line: '#1c222c',
    edge: '#2c3543',
    text: '#d7dde6',
    dim: '#98a2b1',
    faint: '#758091',
    accent: '#6aa9ff',
    ok: '#3fb6a8',
    warn: '#e0a53a',
    bad: '#ff8f4a',
    red: '#f4525a',
    green: '#25b883',
    flat: '#9aa4b2',
    band: '#6f86b8',
    bandMid: '#cfa957',
    ma5: '#e6e9ee',
    ma10: '#e3c14f',
    ma20: '#c58af0',
    ma60: '#5fa8e8',
  },
  light: {
    ground: '#e9edf2',
    panel: '#fdfdfe',
    raised: '#f1f4f8',
    line: '#e2e7ed',
    edge: '#bfc8d3',
    text: '#18202b',
    dim: '#4e5968',
    faint: '#687384',
    accent: '#1f63d6',
    ok: '#0b7d72',
    warn: '#8f5a06',
    bad: '#b84a0c',
    red: '#cc2530',
    green: '#087a4e',
    flat: '#5c6675',
    band: '#5673b5',
    bandMid: '#a87411',
    ma5: '#3b4552',
    ma10: '#9c6f00',
    ma20: '#8a3fc0',
    ma60: '#1d6fbf',
  },
}

/** The tokens of a choice; `system` needs to know what the system prefers. */
export function tokensOf(theme: ThemeChoice, prices: PriceColours, systemIsLight: boolean): Tokens {
  const { red, green, ...rest } = palettes[toneOf(theme, systemIsLight)]
  return prices === 'red-up' ? { ...rest, rise: red, fall: green } : { ...rest, rise: green, fall: red }
}

/** Which of the two palettes a choice means now. */
export function toneOf(theme: ThemeChoice, systemIsLight: boolean): 'dark' | 'light' {
  return theme === 'system' ? (systemIsLight ? 'light' : 'dark') : theme
}

/** Write the tokens as custom properties on the document: style sheets know only `var(--name)`. */
export function applyTokens(root: HTMLElement, tokens: Tokens, tone: 'dark' | 'light'): void {
  for (const [name, value] of Object.entries(tokens)) root.style.setProperty(`--${name}`, value)
  root.style.setProperty('--number-font', numberFont)
  root.style.colorScheme = tone
  root.dataset['tone'] = tone
}

/** rise, fall or flat: the class of a signed number. Unknown is flat. */
export function trendOf(value: number | null | undefined): 'rise' | 'fall' | 'flat' {
  if (value === null || value === undefined || Number.isNaN(value) || value === 0) return 'flat'
  return value > 0 ? 'rise' : 'fall'
}
