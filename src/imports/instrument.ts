import { readCode, type Code } from '#core/code.ts'

export type Instrument = 'stock' | 'index' | 'fund' | 'bond'

/** What a code denotes, by the number ranges of the exchanges; nothing for ranges we do not know. B shares are stocks. */
export function instrumentOf(code: Code): Instrument | undefined {
  const digits = code.slice(0, 6)
  if (code.endsWith('.SH')) {
    if (/^(?:60|68|900)/.test(digits)) return 'stock'
    if (/^(?:000|88|95)/.test(digits)) return 'index'
    if (digits.startsWith('5')) return 'fund'
    return digits.startsWith('1') ? 'bond' : undefined
  }
  if (code.endsWith('.SZ')) {
    if (/^(?:00|30|20)/.test(digits)) return 'stock'
    if (/^(?:39|98)/.test(digits)) return 'index'
    if (/^1[5-8]/.test(digits)) return 'fund'
    return digits.startsWith('1') ? 'bond' : undefined
  }
  return digits.startsWith('899') ? 'index' : /^(?:92|4|8)/.test(digits) ? 'stock' : undefined
}

/** A security or index code in any vendor spelling, spaces removed (`510050 .SH` occurs); also `000985.CSI`. Nothing when it is none. */
export function codeFrom(text: string): Code | undefined {
  const plain = text.replaceAll(/\s/g, '').toUpperCase()
  if (/^\d{6}\.(?:CSI|SI|CNI)$/.test(plain)) return plain as Code
  try {
    return readCode(plain)
  } catch {
    return undefined
  }
}

export function isIndex(code: Code): boolean {
  return /\.(?:CSI|SI|CNI)$/.test(code) || instrumentOf(code) === 'index'
}
