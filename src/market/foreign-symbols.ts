import type { Market } from '#core/market-profile.ts'

/** 境外市场: every market of the simulated world but the Chinese one. */
export type ForeignMarket = Exclude<Market, 'cn'>

/** A simulated symbol outside China: what is fixed before anything is drawn. Names beside real codes are invented, and so is every price. */
export interface ForeignSymbol {
  readonly code: string
  readonly market: ForeignMarket
  readonly name: string
  readonly preset: 'classic' | 'realistic'
  /** Around which the first price is drawn, in the market's currency. */
  readonly basePrice: number
  /** Own annual volatility before multipliers. */
  readonly sigma: number
  readonly beta: number
  /** Usual volume of a day, in shares or coins. */
  readonly dailyVolume: number
  /** Smallest step of a traded volume. */
  readonly lot: number
}

/** classic-10 (spec simulator §3.1): ten tickers of the classic model, in every simulated world. */
export const CLASSIC_TEN: readonly ForeignSymbol[] = [
  classic('AAPL', 190, 0.28, 55e6),
  classic('TSLA', 240, 0.5, 95e6),
  classic('MSFT', 410, 0.26, 22e6),
  classic('GOOGL', 165, 0.3, 27e6),
  classic('AMZN', 180, 0.32, 42e6),
  classic('NVDA', 120, 0.45, 260e6),
  classic('META', 520, 0.36, 14e6),
  classic('NFLX', 680, 0.38, 3.5e6),
  classic('AMD', 150, 0.48, 48e6),
  classic('INTC', 31, 0.4, 52e6),
]

/** What `fupan sim init --profile` adds, by market. */
export const PROFILE_SYMBOLS: Readonly<Record<ForeignMarket, readonly ForeignSymbol[]>> = {
  hk: [
    hongKong('700', '霁川控股', 380, 0.24, 1.15, 18e6, 100),
    hongKong('5', '岚屿银行', 65, 0.16, 0.75, 20e6, 400),
    hongKong('388', '砚舟交易', 290, 0.2, 1.1, 6e6, 100),
    hongKong('941', '桉庭通讯', 72, 0.15, 0.55, 16e6, 500),
    hongKong('1299', '澜野保险', 62, 0.22, 1.1, 28e6, 200),
    hongKong('9988', '岫渚商网', 88, 0.3, 1.25, 55e6, 100),
    hongKong('3690', '珩隰到家', 120, 0.33, 1.3, 30e6, 100),
    hongKong('1810', '筠墟科技', 18.6, 0.32, 1.2, 130e6, 200),
    hongKong('2318', '溯阙金服', 41, 0.23, 1.1, 40e6, 500),
    hongKong('2', '蔚陌电力', 66, 0.13, 0.4, 3e6, 500),
  ],
  us: [
    unitedStates('JPM', 205, 0.16, 1.05, 9e6),
    unitedStates('XOM', 114, 0.2, 0.8, 15e6),
    unitedStates('JNJ', 158, 0.13, 0.5, 7e6),
    unitedStates('WMT', 71, 0.14, 0.55, 17e6),
    unitedStates('PG', 167, 0.12, 0.5, 6.5e6),
    unitedStates('KO', 68, 0.11, 0.5, 13e6),
    unitedStates('DIS', 98, 0.21, 1, 10e6),
    unitedStates('BA', 175, 0.28, 1.2, 7e6),
    unitedStates('CAT', 345, 0.22, 1.1, 3e6),
    unitedStates('MCD', 268, 0.14, 0.6, 3.2e6),
  ],
  crypto: [
    coin('BTC', 62_000, 0.2, 0.95, 28_000),
    coin('ETH', 2600, 0.32, 1.15, 420_000),
    coin('SOL', 145, 0.5, 1.35, 3.4e6),
    coin('BNB', 570, 0.3, 0.9, 620_000),
    coin('LTC', 72, 0.42, 1.1, 700_000),
    coin('AVAX', 27, 0.55, 1.35, 3.1e6),
  ],
}

/** The symbols of a world: the ten of every world, and those of the profiles it has. In order of market and code. */
export function foreignSymbols(profiles: readonly ForeignMarket[]): readonly ForeignSymbol[] {
  const chosen = [...CLASSIC_TEN, ...[...new Set(profiles)].flatMap((market) => PROFILE_SYMBOLS[market])]
  return chosen.toSorted((a, b) => (a.market === b.market ? (a.code < b.code ? -1 : 1) : a.market < b.market ? -1 : 1))
}

function classic(ticker: string, basePrice: number, sigma: number, dailyVolume: number): ForeignSymbol {
  return { code: `${ticker}.US`, market: 'us', name: ticker, preset: 'classic', basePrice, sigma, beta: 0, dailyVolume, lot: 1 }
}

function unitedStates(ticker: string, basePrice: number, sigma: number, beta: number, dailyVolume: number): ForeignSymbol {
  return { code: `${ticker}.US`, market: 'us', name: ticker, preset: 'realistic', basePrice, sigma, beta, dailyVolume, lot: 1 }
}

function hongKong(number: string, name: string, basePrice: number, sigma: number, beta: number, dailyVolume: number, lot: number): ForeignSymbol {
  return { code: `${number}.HK`, market: 'hk', name, preset: 'realistic', basePrice, sigma, beta, dailyVolume, lot }
}

function coin(base: string, basePrice: number, sigma: number, beta: number, dailyVolume: number): ForeignSymbol {
  return { code: `${base}USDT`, market: 'crypto', name: `${base}/USDT`, preset: 'realistic', basePrice, sigma, beta, dailyVolume, lot: 1e-6 }
}
