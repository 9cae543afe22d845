import type { QuantityUnit } from './report-block.ts'

/** Round values that cover low to high in about `count` steps of 1, 2 or 5 times a power of ten, all within the range. */
export function niceTicks(low: number, high: number, count: number): number[] {
  if (!(high > low)) return Number.isFinite(low) ? [low] : []
  const rough = (high - low) / count
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10)
  const first = Math.ceil(low / step - 1e-9)
  const last = Math.floor(high / step + 1e-9)
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)))
}

/** 1, 2 and 5 times powers of ten between two positive numbers; even steps where fewer than three of those fit. */
export function logTicks(low: number, high: number): number[] {
  const decades: number[] = []
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++)
    for (const factor of [1, 2, 5]) {
      const tick = Number((factor * 10 ** power).toPrecision(6))
      if (tick >= low && tick <= high) decades.push(tick)
    }
  return decades.length >= 3 ? decades : niceTicks(low, high, 5)
}

/** Places where a date axis is labelled: years, quarters or months, whichever gives at most ten. */
export function dateTicks(dates: Uint32Array): { day: number; text: string }[] {
  const monthOf = (date: number): number => Math.floor(date / 100) % 100
  const kinds: readonly { key: (date: number) => number; text: (date: number) => string }[] = [
    { key: (date) => Math.floor(date / 100), text: (date) => `${Math.floor(date / 10_000)}-${String(monthOf(date)).padStart(2, '0')}` },
    {
      key: (date) => Math.floor(date / 10_000) * 4 + Math.floor((monthOf(date) - 1) / 3),
      text: (date) => `${Math.floor(date / 10_000)} Q${Math.floor((monthOf(date) - 1) / 3) + 1}`,
    },
    { key: (date) => Math.floor(date / 10_000), text: (date) => String(Math.floor(date / 10_000)) },
  ]
  const found = kinds.map(({ key, text }) =>
    [...dates.keys()].filter((day) => day > 0 && key(dates[day]!) !== key(dates[day - 1]!)).map((day) => ({ day, text: text(dates[day]!) })),
  )
  return found.find((ticks) => ticks.length <= 10) ?? found.at(-1)!
}

/** A short axis label with its unit: 12 %, 1.5, 20M CNY. */
export function axisText(value: number, unit: QuantityUnit): string {
  switch (unit) {
    case 'fraction':
    case 'fraction/year':
      return `${signedDigits(value * 100)} %`
    case 'CNY': {
      const [scale, suffix] = Math.abs(value) >= 1e9 ? [1e9, 'B'] : Math.abs(value) >= 1e6 ? [1e6, 'M'] : [1e3, 'k']
      return `${signedDigits(value / scale)}${suffix} CNY`
    }
    case 'days':
      return `${signedDigits(value)} d`
    default:
      return signedDigits(value)
  }
}

function signedDigits(value: number): string {
  return Number(value.toPrecision(4)).toString().replace('-', '−')
}

/** Text as it may stand in HTML and SVG. */
export function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&${{ '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot' }[sign]!};`)
}
