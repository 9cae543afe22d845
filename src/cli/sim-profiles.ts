import { UsageError } from '#core/errors.ts'
import { MARKETS, type Market } from '#core/market-profile.ts'
import { counted, span } from './render.ts'

/** `--profile hk,us` as markets beside the Chinese one, which is always there. Throws UsageError for an unknown one. */
export function readProfiles(given: unknown): readonly Exclude<Market, 'cn'>[] {
  const names = (Array.isArray(given) ? given : [given]).flatMap((each) => String(each).split(',')).map((name) => name.trim().toLowerCase())
  const unknown = names.find((name) => !(MARKETS as readonly string[]).includes(name))
  if (unknown !== undefined)
    throw new UsageError(`Cannot make the market profile "${unknown}": there are ${MARKETS.join(', ')}. Say which with --profile hk,us`)
  return [...new Set(names as readonly Market[])].filter((market) => market !== 'cn')
}

interface Extent {
  readonly from: number
  readonly to: number
  readonly days: number
  readonly rows: number
}

export interface ForeignReply {
  readonly profiles: readonly string[]
  readonly markets: readonly { readonly market: string; readonly label: string; readonly timezone: string; readonly symbols: number }[]
  readonly daily?: Extent
  readonly minutes?: Extent
}

/** The lines of `sim status` about the markets of the world. */
export function profileLines({ profiles, markets, daily, minutes }: ForeignReply): readonly string[] {
  const extent = (found: Extent | undefined) => (found === undefined ? 'none yet' : `${span(found.from, found.to)}, ${counted(found.rows)} rows`)
  return [
    `profiles     ${profiles.join(', ')}`,
    ...markets.map(({ market, label, timezone, symbols }) => `  ${market.padEnd(10)} ${label}, ${counted(symbols)} symbols, ${timezone}`),
    `foreign      daily ${extent(daily)}; minutes ${extent(minutes)}`,
  ]
}
