import { exchangeOf, readCode, type Code } from '#core/code.ts'

/** `600519.SH` as Tencent and Sina write it: `sh600519`. */
export function prefixedOf(code: Code): string {
  return `${exchangeOf(code).toLowerCase()}${code.slice(0, 6)}`
}

/** A code from a market number and six digits; market 0 is Shenzhen, or Beijing by its number range. */
export function codeOfMarket(market: number, digits: string): Code | undefined {
  if (!/^\d{6}$/.test(digits)) return undefined
  if (market === 1) return `${digits}.SH` as Code
  return `${digits}.${/^(?:92|4|8)/.test(digits) ? 'BJ' : 'SZ'}` as Code
}

/** A code from `sh600519`, nothing from what is none. */
export function codeOfPrefixed(text: string): Code | undefined {
  return /^(?:sh|sz|bj)\d{6}$/.test(text) ? readCode(text) : undefined
}
