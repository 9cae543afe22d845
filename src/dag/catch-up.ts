import type { EpochMs, TradeDate } from '#core/trade-date.ts'

/** What is known when the scheduler looks around. */
export interface CatchUpRequest {
  /** Open days, ascending. */
  readonly days: readonly TradeDate[]
  readonly now: EpochMs
  /** When the work of a day may begin (P1 start; later on half days). */
  readonly startsAt: (date: TradeDate) => EpochMs
  /** A run of the day succeeded, or is going on. */
  readonly isSettled: (date: TradeDate) => boolean
  /** Open days looked back; older gaps are for a backfill. Default 10. */
  readonly window?: number
  readonly mode: 'off' | 'latest-only' | 'all'
}

/** 追赶: the trade dates whose nightly run is due and was missed, oldest first (spec pipeline §5.6). Sleep and weekends do not matter: only open days count. */
export function dueDates({ days, now, startsAt, isSettled, window = 10, mode }: CatchUpRequest): readonly TradeDate[] {
  if (mode === 'off') return []
  const begun = days.filter((date) => startsAt(date) <= now).slice(-window)
  const due = begun.filter((date) => !isSettled(date))
  return mode === 'all' ? due : due.filter((date) => date === begun.at(-1))
}
