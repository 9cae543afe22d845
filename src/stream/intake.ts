import type { Code } from '#core/code.ts'
import { grainClassOf, type Tick } from '#core/tick.ts'
import type { EpochMs, TradeDate } from '#core/trade-date.ts'
import { withRoom } from './stock-index.ts'

/** What became of a record. DISORDERED and FUTURE are taken in as well, at the time of `Intake.at`. */
export const VERDICTS = ['accepted', 'disordered', 'future', 'duplicate', 'late', 'other-day', 'not-a-trade'] as const

export type Verdict = (typeof VERDICTS)[number]

/** Something the feed did that a person may want to know. */
export type IntakeReport =
  /** The records `from` to `to` (ordinals, both included) of the stock have not come; they may still, late. */
  | { readonly type: 'gap'; readonly code: Code; readonly at: EpochMs; readonly from: number; readonly to: number }
  | {
      readonly type: Exclude<Verdict, 'accepted'>
      readonly code: Code
      readonly at: EpochMs
      readonly seenAt: EpochMs
      readonly seq: number
      readonly behindMs: number
    }

/** A record this far behind the stock's latest one no longer moves windows or detectors (spec intraday §7.3). */
export const LATE_MS = 6000

/** A record from further ahead than this of when we saw it has a wrong clock (spec intraday §7.2, T_FUTURE). */
export const FUTURE_MS = 2000

/**
 * 接入: one trading day of every stock, each in time order. A record is new only if it says something new: feeds repeat their last state over lunch
 * and after the close. Nothing is dropped silently: whatever is not plainly accepted is counted and reported, and holes in the numbering are
 * reported as gaps. Allocates only to report.
 */
export class Intake {
  readonly #date: TradeDate
  readonly #report: ((report: IntakeReport) => void) | undefined
  readonly #holes = new Map<number, Hole[]>()
  readonly #counts: Record<Verdict | 'gap', number> = { accepted: 0, disordered: 0, future: 0, duplicate: 0, late: 0, 'other-day': 0, 'not-a-trade': 0, gap: 0 }
  #at = 0
  #lastAt = new Float64Array(0)
  #lastSeq = new Int32Array(0)
  #lastPrice = new Float64Array(0)
  #lastVolume = new Float64Array(0)
  #lastAmount = new Float64Array(0)

  constructor(date: TradeDate, report?: (report: IntakeReport) => void) {
    this.#date = date
    this.#report = report
  }

  /** When the record last taken in counts as having happened: its own time, or the latest of its stock if that is later. */
  get at(): EpochMs {
    return this.#at as EpochMs
  }

  /** How many records met each verdict so far, and how many holes were seen. */
  get counts(): Readonly<Record<Verdict | 'gap', number>> {
    return { ...this.#counts }
  }

  /** Records of this stock known to be missing. */
  missing(place: number): number {
    return (this.#holes.get(place) ?? []).reduce((sum, { from, to }) => sum + to - from + 1, 0)
  }

  /** Judge the next record of the feed. `place` is the stock's place in the arrays. */
  judge(tick: Tick, place: number): Verdict {
    if (place >= this.#lastAt.length) this.#grow(place + 1)
    const verdict = this.#verdict(tick, place)
    this.#counts[verdict]++
    if (verdict === 'accepted') return verdict
    this.#report?.({ type: verdict, code: tick.code, at: tick.at, seenAt: tick.seenAt, seq: tick.seq, behindMs: Math.max(0, this.#lastAt[place]! - tick.at) })
    return verdict
  }

  #verdict(tick: Tick, place: number): Verdict {
    if (tick.date !== this.#date) return 'other-day'
    const isNext = tick.seq > this.#lastSeq[place]!
    if (isNext) this.#advance(tick, place)
    else if (!this.#fillsHole(place, tick.seq)) return 'duplicate'
    // Sold-off fractions of a lot come as records without volume; some feeds repeat a state as one.
    if (!(tick.volume > 0 && tick.price > 0 && tick.amount > 0)) return 'not-a-trade'
    if (isNext && this.#repeats(tick, place)) return 'duplicate'
    const lastAt = this.#lastAt[place]!
    const isFuture = tick.at > tick.seenAt + FUTURE_MS
    const claimed = isFuture ? tick.seenAt : tick.at
    if (claimed < lastAt - LATE_MS) return 'late'
    this.#at = Math.max(claimed, lastAt)
    this.#lastAt[place] = this.#at
    this.#lastPrice[place] = tick.price
    this.#lastVolume[place] = tick.volume
    this.#lastAmount[place] = tick.amount
    return isFuture ? 'future' : claimed < lastAt ? 'disordered' : 'accepted'
  }

  /** An aggregate that says exactly what the one before it said is the same state again; single trades may truly be alike. */
  #repeats(tick: Tick, place: number): boolean {
    const isSame =
      tick.at === this.#lastAt[place] &&
      tick.price === this.#lastPrice[place] &&
      tick.volume === this.#lastVolume[place] &&
      tick.amount === this.#lastAmount[place]
    return isSame && grainClassOf(tick.grain) !== 'TBT'
  }

  #advance(tick: Tick, place: number): void {
    const from = this.#lastSeq[place]! + 1
    this.#lastSeq[place] = tick.seq
    if (tick.seq === from) return
    const to = tick.seq - 1
    const holes = this.#holes.get(place)
    if (holes === undefined) this.#holes.set(place, [{ from, to }])
    else holes.push({ from, to })
    this.#counts.gap++
    this.#report?.({ type: 'gap', code: tick.code, at: tick.at, from, to })
  }

  #fillsHole(place: number, seq: number): boolean {
    const holes = this.#holes.get(place)
    const at = holes?.findIndex(({ from, to }) => from <= seq && seq <= to) ?? -1
    if (holes === undefined || at < 0) return false
    const { from, to } = holes[at]!
    holes.splice(
      at,
      1,
      ...[
        { from, to: seq - 1 },
        { from: seq + 1, to },
      ].filter((hole) => hole.from <= hole.to),
    )
    return true
  }

  #grow(length: number): void {
    this.#lastAt = withRoom(this.#lastAt, length, -Infinity)
    this.#lastSeq = withRoom(this.#lastSeq, length, -1)
    this.#lastPrice = withRoom(this.#lastPrice, length, NaN)
    this.#lastVolume = withRoom(this.#lastVolume, length, NaN)
    this.#lastAmount = withRoom(this.#lastAmount, length, NaN)
  }
}

interface Hole {
  readonly from: number
  readonly to: number
}
