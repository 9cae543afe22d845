import type { Engine } from '#warehouse/engine/engine.ts'
import { DERIVED_CHECKS, type SqlCheck } from './sim-derived-checks.ts'

/** 恒等式: one identity of the simulated market over the rows in the warehouse. */
export interface CoherenceCheck {
  readonly name: string
  /** What must hold, with its tolerance. */
  readonly rule: string
  /** How many rows, stock-days or index days were looked at. */
  readonly rows: number
  /** Must be 0. */
  readonly violations: number
  /** One row that breaks the rule. */
  readonly example?: string
}

/** 行内与表间恒等式 that need the stored rows alone (spec simulator §9.1–9.5, §9.9), one after the other. Reading only; throws EngineError as `engine.rows` does. */
export async function* storedCoherence(engine: Engine, signal: AbortSignal): AsyncGenerator<CoherenceCheck> {
  for (const check of [...CHECKS, ...DERIVED_CHECKS]) yield await counted(engine, check, {}, signal)
  for (const check of DAY_CHECKS) yield await tickCoherence(engine, check, signal)
}

/** How many checks `storedCoherence` makes. */
export const storedChecks = (): number => CHECKS.length + DERIVED_CHECKS.length + DAY_CHECKS.length

interface Counted {
  readonly rows: number
  readonly violations: number
  readonly example: string
}

async function counted(engine: Engine, { name, rule, rows }: SqlCheck, params: Readonly<Record<string, number>>, signal: AbortSignal): Promise<CoherenceCheck> {
  const [found] = await engine.rows<Counted>(
    `select toUInt32(count()) as rows, toUInt32(countIf(ifNull(holds, 0) = 0)) as violations, anyIf(what, ifNull(holds, 0) = 0) as example from (${rows})`,
    { params, signal },
  )
  const { rows: looked, violations, example } = found!
  return { name, rule, rows: looked, violations, ...(violations > 0 ? { example } : {}) }
}

/** Day by day, because a day of ticks is what fits anywhere. */
async function tickCoherence(engine: Engine, check: SqlCheck, signal: AbortSignal): Promise<CoherenceCheck> {
  const dates = await engine.rows<{ date: number }>('select distinct trade_date as date from fupan.ods_tick order by date', { signal })
  let total: CoherenceCheck = { name: check.name, rule: check.rule, rows: 0, violations: 0 }
  for (const { date } of dates) {
    const day = await counted(engine, check, { date }, signal)
    total = {
      ...day,
      ...(total.example === undefined ? {} : { example: total.example }),
      rows: total.rows + day.rows,
      violations: total.violations + day.violations,
    }
  }
  return total
}

const stockDay = "concat(toString(ts_code), ' ', toString(trade_date))"

const TICKS: SqlCheck = {
  name: 'daily bar = its ticks',
  rule: 'open, high, low, close, volume and amount exact, and a bar for every stock with ticks and ticks for every bar, on each day with ticks',
  rows: `
    select ${stockDay} as what,
      b.bars = 1 and t.records > 0
        and t.open = b.open and t.high = b.high and t.low = b.low and t.close = b.close and t.volume = b.volume and t.amount = b.amount as holds
    from (
      select ts_code, trade_date, toUInt32(count()) as records, argMin(price, seq) as open, max(price) as high, min(price) as low, argMax(price, seq) as close,
        round(sum(volume)) as volume, round(sum(amount)) as amount
      from fupan.ods_tick where trade_date = {date:UInt32} and source = 'simulator' group by ts_code, trade_date
    ) as t
    full outer join (
      select ts_code, trade_date, 1 as bars, round(open * 1000) as open, round(high * 1000) as high, round(low * 1000) as low, round(close * 1000) as close,
        round(vol * 100) as volume, round(amount * 1000000) as amount
      from fupan.ods_daily where trade_date = {date:UInt32}
    ) as b using (ts_code, trade_date)`,
}

/** What trades at the ask is bought by aggressors and what trades at the bid sold; on a sealed board everything hits the queue. In 厘. */
const NET = `multiIf(isNull(bid1), 0, ask1 = 0, -amount, bid1 = 0, amount, volume * price = amount, amount * ((price = ask1) - toInt8(price = bid1)),
  (amount - volume * bid1) / (ask1 - bid1) * (ask1 + bid1) - volume * bid1)`

const BALANCE: SqlCheck = {
  name: 'money flow = its ticks',
  rule: 'aggressor buys less sells within 0.5 % of the amount, within 5 % where less than 10 million CNY are traded; on each day with ticks',
  rows: `
    select ${stockDay} as what, abs(t.net - m.net) <= t.turnover * if(t.turnover < 10000000000, 0.05, 0.005) as holds
    from (
      select ts_code, trade_date, sum(${NET}) as net, sum(amount) as turnover from fupan.ods_tick
      where trade_date = {date:UInt32} and source = 'simulator' and not endsWith(ts_code, '.BJ') group by ts_code, trade_date
    ) as t
    left join (select ts_code, trade_date, net_mf_amount * 1e7 as net from fupan.ods_moneyflow where trade_date = {date:UInt32}) as m using (ts_code, trade_date)
    settings join_use_nulls = 1`,
}

const DAY_CHECKS: readonly SqlCheck[] = [TICKS, BALANCE]

const OWN_BARS = `
  select d.ts_code as ts_code, d.trade_date as trade_date, d.close as close, d.pre_close as pre_close, f.adj_factor as factor,
    row_number() over own as bar, lagInFrame(d.close) over own as last_close, lagInFrame(f.adj_factor) over own as last_factor
  from fupan.ods_daily as d inner join fupan.ods_adj_factor as f on f.ts_code = d.ts_code and f.trade_date = d.trade_date
  window own as (partition by d.ts_code order by d.trade_date rows between 1 preceding and current row)`

const NO_ROW = 'settings join_use_nulls = 1'

const CHECKS: readonly SqlCheck[] = [
  {
    name: 'order of a bar',
    rule: 'low ≤ open, close ≤ high; something traded; amount ÷ volume inside [low, high]',
    rows: `select ${stockDay} as what,
      low <= least(open, close) and greatest(open, close) <= high and vol > 0 and amount * 10 / vol between low * (1 - 1e-9) and high * (1 + 1e-9) as holds
      from fupan.ods_daily`,
  },
  {
    name: 'return of a bar',
    rule: 'change = close − pre_close and pct_chg = 100 (close ÷ pre_close − 1), to 1e-9',
    rows: `select ${stockDay} as what, abs(change - (close - pre_close)) < 1e-9 and abs(pct_chg - 100 * (close / pre_close - 1)) < 1e-9 as holds from fupan.ods_daily`,
  },
  {
    name: 'days of bars are open',
    rule: 'every bar lies on an open day of the calendar, once that is built',
    rows: `select ${stockDay} as what, trade_date in (select cal_date from fupan.dim_trade_cal where is_open = 1) as holds from fupan.ods_daily
      where (select count() from fupan.dim_trade_cal) > 0`,
  },
  {
    name: 'bar or suspension',
    rule: 'each listed stock-day (one with a factor) has either a bar or a suspension of the whole day, never both or none',
    rows: `
      select ${stockDay} as what, (bar is not null) + (idle is not null) = 1 as holds
      from (select ts_code, trade_date from fupan.ods_adj_factor) as f
      left join (select ts_code, trade_date, 1 as bar from fupan.ods_daily) as d using (ts_code, trade_date)
      left join (select ts_code, trade_date, 1 as idle from fupan.ods_suspend_d where suspend_type = 'S' and suspend_timing is null) as s using (ts_code, trade_date)
      ${NO_ROW}`,
  },
  {
    name: 'bars are of listed stocks',
    rule: 'every bar has a factor of its day, and lies between the listing and the delisting date',
    rows: `
      select ${stockDay} as what, factor is not null and trade_date >= list_date and (delist_date is null or trade_date < delist_date) as holds
      from (select ts_code, trade_date from fupan.ods_daily) as d
      left join (select ts_code, trade_date, adj_factor as factor from fupan.ods_adj_factor) as f using (ts_code, trade_date)
      left join (select ts_code, list_date, delist_date from fupan.dim_stock) as s using (ts_code)
      ${NO_ROW}`,
  },
  {
    name: 'adjustment factor',
    rule: 'from one own bar to the next it grows by close ÷ reference price, so that adjusted returns equal close ÷ pre_close − 1; to 1e-9',
    rows: `select ${stockDay} as what, abs(factor / last_factor / (last_close / pre_close) - 1) < 1e-9 as holds from (${OWN_BARS}) where bar > 1`,
  },
  {
    name: 'reference price',
    rule: 'pre_close is the last close unless the factor moves, and on an ex-date it is below it, on the 0.01 tick',
    rows: `select ${stockDay} as what,
      if(abs(factor / last_factor - 1) < 1e-12, round(pre_close * 1000) = round(last_close * 1000), pre_close < last_close and round(pre_close * 1000) % 10 = 0) as holds
      from (${OWN_BARS}) where bar > 1`,
  },
  {
    name: 'valuation of a bar',
    rule: 'one row per bar with its close; value = close × shares; turnover rates = volume ÷ float and free float; to 1e-9',
    rows: `
      select ${stockDay} as what, b.close = d.close and abs(total_mv / (d.close * total_share) - 1) < 1e-9 and abs(circ_mv / (d.close * float_share) - 1) < 1e-9
        and abs(turnover_rate / (vol / float_share) - 1) < 1e-9 and abs(turnover_rate_f / (vol / free_share) - 1) < 1e-9 as holds
      from fupan.ods_daily as d full outer join fupan.ods_daily_basic as b using (ts_code, trade_date)
      ${NO_ROW}`,
  },
  {
    name: 'risk warnings are of listed stocks',
    rule: 'each row has a factor of its day',
    rows: `
      select ${stockDay} as what, factor is not null as holds
      from (select ts_code, trade_date from fupan.ods_stock_st) as w
      left join (select ts_code, trade_date, adj_factor as factor from fupan.ods_adj_factor) as f using (ts_code, trade_date)
      ${NO_ROW}`,
  },
  {
    name: 'index chain',
    rule: 'the previous close of an index is its close of the day before',
    rows: `
      select ${stockDay} as what, pre_close = last_close as holds
      from (
        select ts_code, trade_date, pre_close, row_number() over own as day, lagInFrame(close) over own as last_close
        from fupan.ods_index_daily window own as (partition by ts_code order by trade_date rows between 1 preceding and current row)
      ) where day > 1`,
  },
  {
    // Weights: reference price × free float, 0 on the listing day and after a delisting; a suspended member keeps its last close.
    name: 'index = its members',
    rule: 'close ÷ previous close = Σ weight × (1 + return) ÷ Σ weight over the members of the day, suspended ones at 0; to 1e-9',
    rows: `
      select ${stockDay} as what, abs(grown / weight / (close / pre_close) - 1) < 1e-9 as holds
      from (select ts_code, trade_date, close, pre_close from fupan.ods_index_daily) as i
      inner join (
        select index_code as ts_code, day as trade_date, sum(value) as weight, sum(value * gain) as grown
        from (
          select m.index_code as index_code, m.day as day, if(b.trade_date = m.day, b.pre_close, b.close) * b.free_share as value,
            if(b.trade_date = m.day, b.close / b.pre_close, 1) as gain
          from (
            select s.ts_code as index_code, s.trade_date as day, l.ts_code as ts_code
            from (
              select d.ts_code as ts_code, d.trade_date as trade_date, max(l.selected) as selected
              from fupan.ods_index_daily as d inner join (select distinct index_code, trade_date as selected from fupan.ods_index_member) as l on l.index_code = d.ts_code
              where l.selected <= d.trade_date group by ts_code, trade_date
            ) as s
            inner join fupan.ods_index_member as l on l.index_code = s.ts_code and l.trade_date = s.selected
            inner join fupan.ods_adj_factor as f on f.ts_code = l.ts_code and f.trade_date = s.trade_date
            inner join fupan.dim_stock as k on k.ts_code = l.ts_code
            where k.list_date != s.trade_date
          ) as m
          asof inner join (
            select d.ts_code as ts_code, d.trade_date as trade_date, d.close as close, d.pre_close as pre_close, v.free_share as free_share
            from fupan.ods_daily as d inner join fupan.ods_daily_basic as v on v.ts_code = d.ts_code and v.trade_date = d.trade_date
          ) as b on b.ts_code = m.ts_code and b.trade_date <= m.day
        ) group by index_code, day
      ) as r using (ts_code, trade_date)
      where weight > 0`,
  },
  {
    name: 'announcements',
    rule: 'a report is announced after its period ends and not after the last stored day; a correction of it later than the report',
    rows: `
      select concat(toString(ts_code), ' ', toString(end_date)) as what,
        min(ann_date) > end_date and max(ann_date) <= (select max(trade_date) from fupan.ods_adj_factor)
          and (countIf(update_flag = '1') = 0 or maxIf(ann_date, update_flag = '0') < minIf(ann_date, update_flag = '1')) as holds
      from fupan.ods_fina_indicator group by ts_code, end_date`,
  },
  {
    name: 'visible reports',
    rule: 'the book value behind P/B changes only on a day with a report announced since the bar before',
    rows: `
      select ${stockDay} as what, abs(book / last_book - 1) < 1e-9 or announced > last_date as holds
      from (
        select v.ts_code as ts_code, v.trade_date as trade_date, v.book as book, v.last_book as last_book, v.last_date as last_date, a.ann_date as announced
        from (
          select ts_code, trade_date, total_mv / pb as book, lagInFrame(toNullable(total_mv / pb)) over own as last_book, lagInFrame(trade_date) over own as last_date
          from fupan.ods_daily_basic window own as (partition by ts_code order by trade_date rows between 1 preceding and current row)
        ) as v
        asof left join (select ts_code, assumeNotNull(ann_date) as ann_date from fupan.ods_fina_indicator where ann_date is not null) as a
          on a.ts_code = v.ts_code and a.ann_date <= v.trade_date
        where v.last_date > 0 and v.book is not null and v.last_book is not null
      )`,
  },
]
