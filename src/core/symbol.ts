import { readCode } from './code.ts'
import type { Market } from './market-profile.ts'

const COIN = /^[A-Z0-9]{2,10}(?:USDT|USDC)$/

/** The market a symbol is traded on, by its form: `700.HK`, `AAPL.US`, `BTCUSDT`; every other code is Chinese. */
export function marketOf(symbol: string): Market {
  if (symbol.endsWith('.HK')) return 'hk'
  if (symbol.endsWith('.US')) return 'us'
  return COIN.test(symbol) ? 'crypto' : 'cn'
}

/**
 * Read a symbol of any market, in any case: `700.HK` (`00700.hk` too), `AAPL.US`, `BRK.B.US`, `BTCUSDT`, or an A-share code in the spellings of `readCode`, which
 * what concerns A shares alone reads with. Throws RangeError for anything else.
 */
export function readSymbol(text: string): string {
  const plain = text.trim().toUpperCase()
  const hongKong = /^0*([1-9]\d{0,4})\.HK$/.exec(plain)
  if (hongKong !== null) return `${hongKong[1]}.HK`
  if (/^[A-Z][A-Z0-9]{0,5}(?:[.-][A-Z])?\.US$/.test(plain) || COIN.test(plain)) return plain
  try {
    return readCode(plain)
  } catch {
    // Expected: RangeError from readCode(), which knows of A shares only.
    throw new RangeError(`Cannot read a symbol: it is 600519.SH, 700.HK, AAPL.US or BTCUSDT, found ${JSON.stringify(text)}`)
  }
}
