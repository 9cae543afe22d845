import type { Interval } from '#core/kline-interval.ts'

/** A key press with what matters of it; `typing` when a text field or a dialog has the focus, `onControl` when a button or link has. */
export interface KeyPress {
  readonly key: string
  /** Milliseconds of any clock that only grows. */
  readonly at: number
  readonly ctrl: boolean
  readonly alt: boolean
  readonly typing: boolean
  readonly onControl: boolean
}

/** What a key press asks for. Pages answer `move`, `step`, `pan`, `zoom`, `interval`, `show` (an interval chosen by name), `open`, `toggle`; the shell answers the rest. */
export type KeyAction =
  | { readonly type: 'palette'; readonly text: string }
  | { readonly type: 'go'; readonly shortcut: string }
  | { readonly type: 'move'; readonly by: number }
  | { readonly type: 'step'; readonly by: number }
  | { readonly type: 'pan'; readonly by: number }
  | { readonly type: 'zoom'; readonly by: number }
  | { readonly type: 'page'; readonly by: number }
  /** `by` intervals coarser. */
  | { readonly type: 'interval'; readonly by: number }
  | { readonly type: 'show'; readonly interval: Interval }
  | { readonly type: 'edge'; readonly to: 'first' | 'last' }
  | { readonly type: 'open' | 'toggle' | 'help' | 'close' | 'reset' }

/** The letter that may turn out to be the first of two. */
export interface Pending {
  readonly key: string
  readonly at: number
}

export interface KeyOutcome {
  readonly pending: Pending | undefined
  readonly action: KeyAction | undefined
}

/** `g` waits this long for the page's letter. */
const GO_MS = 900
/** `j` and `k` move at once; a letter this soon after them means a word is being typed. */
const WORD_MS = 350

const plain: Readonly<Record<string, KeyAction>> = {
  j: { type: 'step', by: 1 },
  k: { type: 'step', by: -1 },
  ArrowDown: { type: 'move', by: 1 },
  ArrowUp: { type: 'move', by: -1 },
  ArrowRight: { type: 'pan', by: 1 },
  ArrowLeft: { type: 'pan', by: -1 },
  PageDown: { type: 'page', by: 1 },
  PageUp: { type: 'page', by: -1 },
  Home: { type: 'edge', to: 'first' },
  End: { type: 'edge', to: 'last' },
  Enter: { type: 'open' },
  ' ': { type: 'toggle' },
  '+': { type: 'zoom', by: 1 },
  '=': { type: 'zoom', by: 1 },
  '-': { type: 'zoom', by: -1 },
  '/': { type: 'palette', text: '' },
  '?': { type: 'help' },
  ',': { type: 'interval', by: -1 },
  '.': { type: 'interval', by: 1 },
  F8: { type: 'interval', by: 1 },
  Escape: { type: 'close' },
}

/**
 * 键盘精灵: digits and letters open the palette with what was typed, so a code or pinyin initials need no key before them.
 * Three letters have a meaning of their own, `g` (go to a page), `j` and `k` (step); followed at once by another letter they begin a word too.
 */
export function pressKey(pending: Pending | undefined, press: KeyPress, pageShortcuts: readonly string[]): KeyOutcome {
  const nothing: KeyOutcome = { pending: undefined, action: undefined }
  if (press.ctrl) return press.key.toLowerCase() === 'k' ? { ...nothing, action: { type: 'palette', text: '' } } : nothing
  if (press.typing) return nothing
  if (press.alt) return press.key.toLowerCase() === 'r' ? { ...nothing, action: { type: 'reset' } } : nothing
  if (press.onControl && (press.key === 'Enter' || press.key === ' ')) return nothing

  const isWord = /^[0-9a-zA-Z\u4e00-\u9fff]$/.test(press.key)
  const first = pending !== undefined && press.at - pending.at <= (pending.key === 'g' ? GO_MS : WORD_MS) ? pending.key : undefined
  if (first === 'g' && pageShortcuts.includes(press.key)) return { ...nothing, action: { type: 'go', shortcut: press.key } }
  if (first !== undefined && isWord && !(first !== 'g' && (press.key === 'j' || press.key === 'k'))) {
    return { ...nothing, action: { type: 'palette', text: first + press.key } }
  }
  if (press.key === 'g') return { pending: { key: 'g', at: press.at }, action: undefined }
  const action = plain[press.key]
  if (action !== undefined) return { pending: press.key === 'j' || press.key === 'k' ? { key: press.key, at: press.at } : undefined, action }
  return isWord ? { ...nothing, action: { type: 'palette', text: press.key } } : nothing
}
