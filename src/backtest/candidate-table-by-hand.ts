import type { Code } from '#core/code.ts'
import type { Rng } from '#core/rng.ts'
import type { Market } from './market.ts'
import type { CandidateTable } from './select-candidates.ts'

/** One row of a candidate table written by hand; what is left out is not known. */
export interface TableRow {
  readonly date: number
  readonly validFor: number
  readonly code: string
  readonly close: number
  readonly qualityZ?: number
  readonly qualityPct?: number
  readonly supportPrice?: number
  readonly supportScore?: number
  readonly supportPct?: number
  readonly supportTests?: number
  readonly supportStrength?: number
  readonly resistancePrice?: number
  readonly resistanceScore?: number
  readonly target?: number
}

/** For tests: a candidate table of literal rows, in the order given. */
export function tableOf(rows: readonly TableRow[]): CandidateTable {
  const column = (value: (row: TableRow) => number | undefined) => Float64Array.from(rows, (row) => value(row) ?? NaN)
  return {
    length: rows.length,
    date: column(({ date }) => date),
    validFor: column(({ validFor }) => validFor),
    code: rows.map(({ code }) => code as Code),
    close: column(({ close }) => close),
    qualityZ: column(({ qualityZ }) => qualityZ),
    qualityPct: column(({ qualityPct }) => qualityPct),
    supportPrice: column(({ supportPrice }) => supportPrice),
    supportId: rows.map((_, i) => `level ${i}`),
    isFlip: new Uint8Array(rows.length),
    supportScore: column(({ supportScore }) => supportScore),
    supportPct: column(({ supportPct }) => supportPct),
    supportTests: column(({ supportTests }) => supportTests ?? 0),
    supportStrength: column(({ supportStrength }) => supportStrength ?? 0.6),
    resistancePrice: column(({ resistancePrice }) => resistancePrice),
    resistanceScore: column(({ resistanceScore }) => resistanceScore),
    resistancePct: column(() => NaN),
    target: column(({ target, resistancePrice }) => target ?? resistancePrice),
    isTradable: new Uint8Array(rows.length).fill(1),
  }
}

export function emptyTable(): CandidateTable {
  return tableOf([])
}

/** Candidates drawn without any knowledge: every day a share of the stocks, their support just below the close. */
export function randomTable(market: Market, rng: Rng, share: number): CandidateTable {
  const rows: TableRow[] = []
  for (let day = 1; day + 1 < market.days.length; day++)
    for (const { code, close, first, length } of market.stocks) {
      const i = day - first
      if (i < 0 || i + 1 >= length || rng.next() > share) continue
      const price = close[i]! / 1000
      rows.push({
        date: market.days[day]!,
        validFor: market.days[day + 1]!,
        code,
        close: price,
        qualityZ: 1,
        qualityPct: rng.next(),
        supportPrice: Math.round(price * 99.5) / 100,
        supportScore: 0.8,
        supportPct: 0.9,
        supportTests: 2,
        target: Math.round(price * 108) / 100,
      })
    }
  return tableOf(rows)
}
