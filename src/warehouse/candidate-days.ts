import type { Code } from '#core/code.ts'
import { labelAt, labels, numbers, type Frame } from '#core/frame.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { CANDIDATE_PARAMS, chooseCandidate, NO_TESTS, type Choice, type ScoredLevel } from '#micro/choose-candidate.ts'
import type { PriceLevel } from '#micro/price-level.ts'
import type { strategyCandidates } from './ads/strategy_candidates.ts'
import type { Engine, QueryOptions } from './engine/engine.ts'
import { FrameBuilder } from './frame-builder.ts'
import { paramSetId } from './param-set.ts'
import { LevelBook } from './read-price-levels.ts'
import { sqlOf } from './table-sql.ts'
import type { ComputeRequest } from './table.ts'

/**
 * `strategy_candidates`: every stock of the work set put to the filters of `micro/choose-candidate.ts`, day by day. The share of the best money (F2) is counted over
 * all of the day's scored stocks, so a build of some stocks gives their rows of a build of all.
 */
export async function* candidateDays({ table, engine, dates, codes, signal, progress }: ComputeRequest): AsyncIterable<Frame> {
  const options = signal === undefined ? {} : { signal }
  const [from, to] = [dates[0]!, dates.at(-1)!]
  const frame = await engine.frame(sqlOf(table), { ...options, params: { from, to } })
  const book = await LevelBook.read(engine, { from, to }, options)
  const scores = await levelScores(engine, from, to, options)
  const builder = new FrameBuilder(table as typeof strategyCandidates)
  const id = paramSetId(CANDIDATE_PARAMS)
  const wanted = codes === undefined ? undefined : new Set(codes)
  for (const [i, [date, rows]] of [...daysOf(frame)].entries()) {
    const judged = judge(frame, rows, date, book, scores)
    for (const [place, { row, code, choice }] of judged.toSorted(bestFirst).entries())
      if (wanted === undefined || wanted.has(code)) builder.push(rowOf(frame, row, date, code, choice, place + 1, id))
    progress(i + 1, dates.length, 'days')
  }
  if (builder.length > 0) yield builder.take()
}

interface Judged {
  readonly row: number
  readonly code: Code
  readonly choice: Choice
}

/** Selected stocks by rank score, the rest in the order they came: best fund quality first, then by activity. */
function bestFirst(a: Judged, b: Judged): number {
  if (a.choice.selected !== b.choice.selected) return a.choice.selected ? -1 : 1
  if (!a.choice.selected) return a.row - b.row
  return b.choice.rankScore - a.choice.rankScore || (a.code < b.code ? -1 : 1)
}

/** The rows of the frame by day; they come ordered by day. */
function daysOf(frame: Frame): ReadonlyMap<TradeDate, readonly number[]> {
  const date = numbers(frame, 'trade_date')
  return Map.groupBy(
    Array.from({ length: frame.length }, (_, row) => row),
    (row) => date[row]! as TradeDate,
  )
}

function judge(frame: Frame, rows: readonly number[], date: TradeDate, book: LevelBook, scores: LevelScores): readonly Judged[] {
  const names = labels(frame, 'ts_code')
  const value = (name: string, row: number) => numbers(frame, name)[row]!
  const known = rows.map((row) => value('fund_quality_z', row)).filter((z) => !Number.isNaN(z))
  return rows.map((row) => {
    const code = labelAt(names, row)! as Code
    const z = value('fund_quality_z', row)
    const levels = book.lastUpTo(code, date, value('adj_factor', row))?.levels ?? []
    const choice = chooseCandidate({
      close: value('close', row),
      upperBand: value('upper_band', row),
      isSuspended: value('is_suspended', row) === 1,
      isLimitDown: value('is_limit_down', row) === 1,
      isExcluded: value('is_excluded', row) === 1,
      qualityZ: z,
      qualityPct: value('fund_quality_pct', row),
      better: known.filter((other) => other > z).length,
      scored: known.length,
      levels: levels.map((level) => scored(level, scores.get(`${date} ${code} ${level.id}`))),
    })
    return { row, code, choice }
  })
}

type Score = Pick<ScoredLevel, 'supportScore' | 'supportPct' | 'supportTests' | 'flipScore' | 'flipPct' | 'flipTests' | 'resistanceScore' | 'resistancePct'>
type LevelScores = ReadonlyMap<string, Score>

function scored({ id, price, type, strength }: PriceLevel, score: Score = NO_TESTS): ScoredLevel {
  return { id, price: price / 1000, type, strength, ...score }
}

/** The level scores of some days by `date code level`. */
async function levelScores(engine: Engine, from: TradeDate, to: TradeDate, options: Pick<QueryOptions, 'signal'>): Promise<LevelScores> {
  const frame = await engine.frame(
    `select trade_date, ts_code, level_id, support_absorption_score_L, support_pct, n_tests_support, flip_support_score_L, flip_pct, n_tests_flip,
            resistance_sell_absorption_score_L, resistance_pct
     from fupan.stock_level_score_daily where trade_date between {from:UInt32} and {to:UInt32}`,
    { ...options, params: { from, to } },
  )
  const [code, level] = [labels(frame, 'ts_code'), labels(frame, 'level_id')]
  const value = (name: string, row: number) => numbers(frame, name)[row]!
  return new Map(
    Array.from({ length: frame.length }, (_, row) => [
      `${value('trade_date', row)} ${labelAt(code, row)} ${labelAt(level, row)}`,
      {
        supportScore: value('support_absorption_score_L', row),
        supportPct: value('support_pct', row),
        supportTests: value('n_tests_support', row),
        flipScore: value('flip_support_score_L', row),
        flipPct: value('flip_pct', row),
        flipTests: value('n_tests_flip', row),
        resistanceScore: value('resistance_sell_absorption_score_L', row),
        resistancePct: value('resistance_pct', row),
      },
    ]),
  )
}

function rowOf(frame: Frame, row: number, date: TradeDate, code: Code, choice: Choice, rank: number, id: string) {
  const value = (name: string) => numbers(frame, name)[row]!
  const text = (name: string) => labelAt(labels(frame, name), row) ?? ''
  const { support, resistance } = choice
  return {
    trade_date: date,
    ts_code: code,
    valid_for: value('valid_for'),
    candidate_rank: rank,
    selected: choice.selected ? 1 : 0,
    first_failed: choice.firstFailed,
    is_tradable: choice.steps.find(({ filter }) => filter === 'F6')!.pass ? 1 : 0,
    name: text('name'),
    board: text('board'),
    close: value('close'),
    ret_1d: value('ret_1d'),
    rank_score: choice.rankScore,
    support_price: support?.price,
    support_level_id: support?.id,
    support_type: support?.type,
    support_score: choice.supportScore,
    support_pct: choice.supportPct,
    support_tests: choice.supportTests,
    support_strength: support?.strength,
    distance: choice.distance,
    resistance_price: resistance?.price,
    resistance_level_id: resistance?.id,
    resistance_score: resistance?.resistanceScore,
    resistance_pct: resistance?.resistancePct,
    target_price: choice.target,
    stop_price: choice.stop,
    room: choice.room,
    reasons_json: JSON.stringify(choice.steps),
    fund_quality_z: value('fund_quality_z'),
    fund_quality_score: value('fund_quality_score'),
    fund_quality_pct: value('fund_quality_pct'),
    window_start: value('window_start'),
    window_end: value('window_end'),
    window_days: value('window_days'),
    price_return: value('price_return'),
    big_net_sum: value('big_net_sum'),
    big_net_ratio_w: value('big_net_ratio_w'),
    support_ratio: value('support_ratio'),
    activity_score: value('activity_score'),
    pool_rank: value('pool_rank'),
    status: text('status'),
    components_json: text('components_json'),
    param_set_id: id,
  }
}
