import { dateOf, formatClock, timeOfDay } from '#core/shanghai-time.ts'
import { formatDate, type EpochMs } from '#core/trade-date.ts'

/** The two languages of the pages. */
export type Language = 'zh-CN' | 'en'

/** What a missing number looks like: never 0. */
export const UNKNOWN = '—'

type Maybe = number | null | undefined

const MINUS = '−'

/** 最小变动价位 in CNY: 0.001 for funds and convertible bonds, 0.01 for stocks (exchange trading rules, code ranges of core/code.ts). */
export function tickOf(code: string): number {
  return /^(?:1[1256]|5[168])\d{4}(?!\d)/.test(code) ? 0.001 : 0.01
}

/** A price in CNY with as many decimals as its tick has. */
export function formatPrice(value: Maybe, tick = 0.01): string {
  return fixed(value, tick < 0.01 ? 3 : 2)
}

/** A change as percent with its sign: 0.0123 is +1.23%. */
export function formatChange(fraction: Maybe, digits = 2): string {
  return known(fraction) ? `${formatSigned(fraction * 100, digits)}%` : UNKNOWN
}

/** A share of a whole as percent, without a plus sign: 0.613 is 61.3%. */
export function formatShare(fraction: Maybe, digits = 1): string {
  return known(fraction) ? `${fixed(fraction * 100, digits)}%` : UNKNOWN
}

/** 换手率 of a bar: that of a minute needs a decimal more to be above zero. */
export function formatTurnover(fraction: Maybe, isMinutes: boolean): string {
  return formatShare(fraction, isMinutes ? 3 : 2)
}

/** A number with its sign always shown; what rounds to zero has none. */
export function formatSigned(value: Maybe, digits = 2): string {
  if (!known(value)) return UNKNOWN
  const text = fixed(value, digits)
  return Number(text.replace(MINUS, '-')) > 0 ? `+${text}` : text
}

/** A plain number with fixed decimals; a negative one that rounds to zero loses its minus. */
export function fixed(value: Maybe, digits: number): string {
  if (!known(value)) return UNKNOWN
  const text = Math.abs(value).toFixed(digits)
  return value < 0 && Number(text) !== 0 ? MINUS + text : text
}

/** A whole number with thousands separated. */
export function formatCount(value: Maybe): string {
  return known(value) ? (value < 0 ? MINUS : '') + Math.abs(Math.round(value)).toLocaleString('en-US') : UNKNOWN
}

/** Money in CNY or shares, scaled by language: 万 and 亿 in Chinese, K, M and B in English. */
export function formatAmount(value: Maybe, language: Language, sign: 'signed' | 'plain' = 'plain'): string {
  if (!known(value)) return UNKNOWN
  const size = Math.abs(value)
  // The step is chosen on the rounded figure, so that 99,999,999 is 1.00亿 and not 10000.00万.
  const step = steps[language].find(({ from, digits }) => Number((size / from).toFixed(digits)) >= 1) ?? { from: 1, digits: 0, unit: '' }
  const scaled = value / step.from
  return (sign === 'signed' ? formatSigned(scaled, step.digits) : fixed(scaled, step.digits)) + step.unit
}

const steps = {
  'zh-CN': [
    { from: 1e8, digits: 2, unit: '亿' },
    { from: 1e4, digits: 2, unit: '万' },
  ],
  en: [
    { from: 1e9, digits: 2, unit: 'B' },
    { from: 1e6, digits: 2, unit: 'M' },
    { from: 1e3, digits: 2, unit: 'K' },
  ],
} as const satisfies Record<Language, readonly { from: number; digits: number; unit: string }[]>

/** An instant (epoch ms) as Shanghai date and time, wherever the browser is. */
export function formatInstant(at: number): string {
  return `${formatDate(dateOf(at as EpochMs))} ${formatClock(timeOfDay(at as EpochMs))}`
}

/** An amount on an axis: `6000万`, without the decimals a round figure does not need. */
export function formatTick(value: number, language: Language): string {
  return formatAmount(value, language).replace(/\.00(?=\D|$)/, '')
}

/** How long ago, in the largest whole unit: 8秒, 12分, 3时, 2天 or 8s, 12m, 3h, 2d. */
export function formatAge(milliseconds: Maybe, language: Language): string {
  if (!known(milliseconds)) return UNKNOWN
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  const [amount, unit] =
    seconds < 60
      ? [seconds, 0]
      : seconds < 3600
        ? [Math.floor(seconds / 60), 1]
        : seconds < 86_400
          ? [Math.floor(seconds / 3600), 2]
          : [Math.floor(seconds / 86_400), 3]
  return amount + ageUnits[language][unit]!
}

const ageUnits: Readonly<Record<Language, readonly string[]>> = { 'zh-CN': ['秒', '分', '时', '天'], en: ['s', 'm', 'h', 'd'] }

function known(value: Maybe): value is number {
  return value !== null && value !== undefined && Number.isFinite(value)
}
