import type { Language } from '../format.ts'
import type { PriceColours, ThemeChoice } from '../theme.ts'

/** What a person chose once and this browser remembers. */
export interface Settings {
  readonly language: Language
  readonly theme: ThemeChoice
  readonly prices: PriceColours
}

/** Remembered settings where they make sense; else dark, 红涨绿跌, and Chinese when the browser asks for it first. */
export function readSettings(stored: unknown, browserLanguages: readonly string[]): Settings {
  const kept = (typeof stored === 'object' && stored !== null ? stored : {}) as Readonly<Record<string, unknown>>
  return {
    language: oneOf(kept['language'], ['zh-CN', 'en']) ?? languageOf(browserLanguages),
    theme: oneOf(kept['theme'], ['dark', 'light', 'system']) ?? 'dark',
    prices: oneOf(kept['prices'], ['red-up', 'green-up']) ?? 'red-up',
  }
}

function languageOf(asked: readonly string[]): Language {
  const first = asked.find((tag) => /^(?:zh|en)\b/i.test(tag))
  return first === undefined || /^zh/i.test(first) ? 'zh-CN' : 'en'
}

function oneOf<const T extends string>(value: unknown, allowed: readonly T[]): T | undefined {
  return allowed.find((one) => one === value)
}
