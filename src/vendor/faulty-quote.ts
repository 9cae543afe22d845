import { timeOfDay } from '#core/shanghai-time.ts'
import { dayNumber, type EpochMs, type TradeDate } from '#core/trade-date.ts'
import type { Fault, FaultKind } from '#market/fault.ts'
import { pickFault, type FaultPlan } from '#market/fault-plan.ts'
import type { VendorQuote } from './vendor-quote.ts'

/** Kinds that compete for one picture of one stock. */
const QUOTE_KINDS = ['stale', 'cum_regress', 'price_spike', 'bad_row', 'clock_skew', 'zone_shift', 'one_tick_off', 'dup'] as const

/** A picture as a faulty vendor shows it. `isGarbled`: its line is to be damaged as text; `isRepeated`: it is to stand twice. */
export interface FaultyQuote {
  readonly quote: VendorQuote
  readonly isGarbled: boolean
  readonly isRepeated: boolean
}

/** Pictures come every three seconds: all askers within them see the same fault. */
const SLOT_MS = 3000
const SLOTS_PER_DAY = 86_400_000 / SLOT_MS

/**
 * 坏快照: at most one fault of one picture, decided by the vendor, the code and the three seconds it is asked in. `before` gives the picture of an earlier instant: what a stale page
 * shows.
 */
export function faultyQuote(
  plan: FaultPlan,
  vendor: string,
  quote: VendorQuote,
  at: EpochMs,
  date: TradeDate,
  before: (at: EpochMs) => VendorQuote | undefined,
  onFault: (fault: Fault) => void,
): FaultyQuote {
  const plain = { quote, isGarbled: false, isRepeated: false }
  if (!plan.hasAny(QUOTE_KINDS)) return plain
  const draws = plan.stream('quote', `${vendor} ${quote.code}`, dayNumber(date) * SLOTS_PER_DAY + Math.floor(timeOfDay(at) / SLOT_MS))
  const kind = pickFault(plan, QUOTE_KINDS, draws.next())
  if (kind === undefined) return plain
  const note = (detail: Fault['detail']) => onFault({ kind: kind satisfies FaultKind, entity: quote.code, date, at, detail: { vendor, ...detail } })
  const changed = (change: Partial<VendorQuote>, detail: Fault['detail']): FaultyQuote => {
    note(detail)
    return { ...plain, quote: { ...quote, ...change } }
  }
  const isTraded = quote.last > 0
  switch (kind) {
    case 'stale': {
      const age = draws.integer(60, 600) * 1000
      const old = before((at - age) as EpochMs)
      return old === undefined ? plain : changed(old, { age })
    }
    case 'cum_regress': {
      const part = 0.2 + 0.6 * draws.next()
      const volume = Math.floor((quote.volume * part) / 100) * 100
      return isTraded ? changed({ volume, amount: Math.round(quote.amount * part) }, { was: quote.volume, is: volume }) : plain
    }
    case 'price_spike': {
      const last = Math.round(quote.last * (draws.next() < 0.5 ? 0.92 : 1.08) * 100) / 100
      return isTraded ? changed({ last }, { was: quote.last, is: last }) : plain
    }
    case 'clock_skew': {
      const ahead = draws.integer(3, 30) * 1000
      return changed({ at: (quote.at + ahead) as EpochMs }, { ahead })
    }
    case 'zone_shift':
      return changed({ at: (quote.at + 8 * 3_600_000) as EpochMs }, { hours: 8 })
    case 'one_tick_off': {
      const last = Math.round((quote.last + (quote.last < quote.high - 0.005 ? 0.01 : -0.01)) * 100) / 100
      return isTraded ? changed({ last }, { was: quote.last, is: last }) : plain
    }
    case 'bad_row':
      note({})
      return { ...plain, isGarbled: true }
    case 'dup':
      note({})
      return { ...plain, isRepeated: true }
    default:
      return kind satisfies never
  }
}
