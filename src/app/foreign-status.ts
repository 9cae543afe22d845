import { MARKETS, PROFILES, type Market } from '#core/market-profile.ts'
import { foreignSymbols } from '#market/foreign-symbols.ts'
import type { App } from './app.ts'
import type { SimulatedWorld } from './simulated-source.ts'

/** What one market of a simulated world has. */
export interface MarketStatus {
  readonly market: Market
  readonly label: string
  readonly timezone: string
  readonly symbols: number
}

/** 各市场 of a simulated world: China first, then those with symbols, each with its zone. The foreign ones say how far they are stored. */
export function foreignStatus(app: App, { size, profiles }: SimulatedWorld) {
  const coverage = app.ledger.partitions.coverage()
  const extent = (name: string) => {
    const found = coverage.find(({ table }) => table === name)
    return found === undefined ? undefined : { from: found.from, to: found.to, days: found.days, rows: found.rows }
  }
  const symbols = foreignSymbols(profiles)
  const markets = MARKETS.map((market): MarketStatus => {
    const count = market === 'cn' ? size : symbols.filter((symbol) => symbol.market === market).length
    return { market, label: PROFILES[market].label.en, timezone: PROFILES[market].zone, symbols: count }
  })
  return {
    profiles: ['cn', ...profiles],
    markets: markets.filter((market) => market.symbols > 0),
    daily: extent('ods_foreign_daily'),
    minutes: extent('ods_foreign_minute'),
  }
}
