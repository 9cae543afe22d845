/** 风格: a characteristic that is paid for, with its premium per year for one standard deviation of exposure and the volatility of its return. */
interface Style {
  readonly name: string
  readonly premium: number
  readonly sigma: number
}

/** The planted premia of spec simulator §7.2, the truth that factor research should find. */
export const STYLES: readonly Style[] = [
  { name: 'size', premium: 0.04, sigma: 0.05 },
  { name: 'value', premium: 0.03, sigma: 0.04 },
  { name: 'quality', premium: 0.03, sigma: 0.03 },
  { name: 'lowvol', premium: 0.02, sigma: 0.03 },
  { name: 'reversal', premium: 0.05, sigma: 0.03 },
]

/** What the exposures of a stock are made of, as known at the previous close. Values in CNY, returns in log terms. */
export interface Characteristics {
  readonly logMarketValue: number
  readonly logBookValue: number
  /** 净资产收益率 of the last four announced quarters, a fraction. */
  readonly returnOnEquity: number
  /** ln of the stock's own annual volatility. */
  readonly logSigma: number
  /** Log return of the last twenty trading days. */
  readonly pastReturn: number
}

/** ln 14 + ln 6e8 and √(0.8² + 0.9²): the market values drawn at the beginning (spec simulator §3.2). */
const VALUE_MEAN = 22.851
const VALUE_SD = 1.204
/** ln of book to price: price to book is 2.24 with a log standard deviation of 0.64 (statements.ts). */
const BOOK_TO_PRICE_MEAN = -0.806
const BOOK_TO_PRICE_SD = 0.64
const LOG_SIGMA_MEAN = -1.884
const LOG_SIGMA_SD = 0.22

/**
 * The exposures in the order of `STYLES`, in standard deviations of the population the stocks are drawn from, clipped to ±3; written into `out`.
 * Not the z-scores of the stocks present: those would make every path depend on how many others the world has (spec simulator §2.1).
 */
export function styleExposures(of: Characteristics, out: Float64Array): Float64Array {
  out[0] = -clipped((of.logMarketValue - VALUE_MEAN) / VALUE_SD)
  out[1] = clipped((of.logBookValue - of.logMarketValue - BOOK_TO_PRICE_MEAN) / BOOK_TO_PRICE_SD)
  out[2] = clipped((of.returnOnEquity - 0.08) / 0.04)
  out[3] = -clipped((of.logSigma - LOG_SIGMA_MEAN) / LOG_SIGMA_SD)
  out[4] = -clipped(of.pastReturn / 0.13)
  return out
}

function clipped(z: number): number {
  return Math.max(-3, Math.min(3, z))
}
