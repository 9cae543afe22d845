import type { ForeignMarket } from './foreign-symbols.ts'
import type { MemoryScale } from './log-memory.ts'

/** What the realistic model of a market is made of (spec simulator §4.2), beside its session and its symbols. */
export interface ForeignModel {
  /** Annual volatility of the market factor before multipliers. */
  readonly sigma: number
  /** ρ_mkt: how the market's volatility answers its own shocks; negative = it rises after falls. */
  readonly leverage: number
  /** w: the part of a day's variance that falls outside the session. */
  readonly overnightShare: number
  /** Shares of a usual day's volume in the auctions that open and close it; 0 = there is none. */
  readonly openAuction: number
  readonly closeAuction: number
}

/** ρ is the specification's. Volatilities and auction shares are engineering choices: about what broad indices and closing crosses show. */
export const FOREIGN_MODELS: Readonly<Record<ForeignMarket, ForeignModel>> = {
  hk: { sigma: 0.15, leverage: -0.2, overnightShare: 0.24, openAuction: 0.012, closeAuction: 0.08 },
  us: { sigma: 0.115, leverage: -0.35, overnightShare: 0.24, openAuction: 0.012, closeAuction: 0.09 },
  crypto: { sigma: 0.45, leverage: -0.1, overnightShare: 0, openAuction: 0, closeAuction: 0 },
}

/** Log-volatility of the market and of a symbol as specified; the A-share scales of log-memory.ts are fitted to Chinese stocks. */
export const FOREIGN_MARKET_SCALES: readonly MemoryScale[] = [
  { halfLife: 2, sd: 0.26 },
  { halfLife: 20, sd: 0.34 },
  { halfLife: 120, sd: 0.34 },
]
export const FOREIGN_SYMBOL_SCALES: readonly MemoryScale[] = [
  { halfLife: 3, sd: 0.25 },
  { halfLife: 60, sd: 0.42 },
]

/** Part of the market's log-volatility that each symbol shares, and of which its volume takes 0.7. */
export const SHARED_VOLATILITY = 0.35
export const SHARED_VOLUME = 0.7
