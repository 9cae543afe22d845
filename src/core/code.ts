/** 证券代码 in TuShare form: six digits and the exchange, `600519.SH`. */
export type Code = string & { readonly brand: 'Code' }

export type Exchange = 'SH' | 'SZ' | 'BJ'

/** 板: the listing board. Never the industry (that is a sector). */
export type Board = 'main' | 'chinext' | 'star' | 'bse'

/**
 * Read a code from any of the spellings vendors use: `600519.SH`, `sh.600519`, `sh600519`, `600519.XSHG`, or six bare digits of a stock or fund.
 * Bare digits are taken as a stock, fund or bond by their number range; an index (000001.SH) needs its exchange written.
 * Throws RangeError when neither the spelling nor the range is known.
 */
export function readCode(text: string): Code {
  const plain = text.trim().toUpperCase()
  const suffixed = /^(\d{6})\.(SH|SZ|BJ|XSHG|XSHE)$/.exec(plain)
  if (suffixed !== null) return `${suffixed[1]}.${suffixed[2] === 'XSHG' ? 'SH' : suffixed[2] === 'XSHE' ? 'SZ' : suffixed[2]}` as Code
  const prefixed = /^(SH|SZ|BJ)\.?(\d{6})$/.exec(plain)
  if (prefixed !== null) return `${prefixed[2]}.${prefixed[1]}` as Code
  const bare = /^\d{1,6}$/.test(plain) ? plain.padStart(6, '0') : undefined
  const exchange = bare === undefined ? undefined : exchangeOfStockNumber(bare)
  if (exchange === undefined)
    throw new RangeError(`Cannot read a security code: it is six digits with an exchange such as 600519.SH, found ${JSON.stringify(text)}`)
  return `${bare}.${exchange}` as Code
}

export function exchangeOf(code: Code): Exchange {
  return code.slice(7) as Exchange
}

/** The board by number range (SSE, SZSE and BSE code allocation): 688/689 STAR, 300/301/302 ChiNext, BSE by its exchange, the rest main. */
export function boardOf(code: Code): Board {
  if (code.endsWith('.BJ')) return 'bse'
  if (code.endsWith('.SH')) return code.startsWith('688') || code.startsWith('689') ? 'star' : 'main'
  return /^30[0-2]/.test(code) ? 'chinext' : 'main'
}

/** 场内基金: whether the number lies in the exchange's fund range: 5… in Shanghai; 15, 16 and 18 in Shenzhen. */
export function isFundCode(code: Code): boolean {
  return code.endsWith('.SH') ? code.startsWith('5') : code.endsWith('.SZ') && /^1[568]/.test(code)
}

function exchangeOfStockNumber(digits: string): Exchange | undefined {
  if (/^(60|68|90|5\d|11)/.test(digits)) return 'SH'
  if (/^(00|30|20|15|16|18|12)/.test(digits)) return 'SZ'
  if (/^(92|43|83|87|88)/.test(digits)) return 'BJ'
  return undefined
}
