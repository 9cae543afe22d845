/** A check as SQL: `rows` gives one row per thing looked at, with `what` to name it and `holds`; a comparison with NULL does not hold. */
export interface SqlCheck {
  readonly name: string
  /** What must hold, with its tolerance. */
  readonly rule: string
  readonly rows: string
}

const stockDay = "concat(toString(ts_code), ' ', toString(trade_date))"

const NO_ROW = 'settings join_use_nulls = 1'

const MARGIN_TOTALS = ['rzye', 'rzmre', 'rzche', 'rqye', 'rqmcl', 'rzrqye', 'rqyl'] as const

const SIDES = ['buy', 'sell'] as const

/** The sum over the classes of order, each rounded to the whole unit it was made of. */
function sumOf(before: string, after: string, unit = '1e7'): string {
  return ['sm', 'md', 'lg', 'elg'].map((size) => `round(${before}${size}${after} * ${unit})`).join(' + ')
}

/** The first and the last day of a week or a month, as SQL over a date column; months also match a bar's calendar month end. */
const PERIODS = [
  { table: 'ods_weekly', name: 'week', key: (date: string) => `toMonday(YYYYMMDDToDate32(${date}))` },
  { table: 'ods_monthly', name: 'month', key: (date: string) => `toStartOfMonth(YYYYMMDDToDate32(${date}))` },
] as const

/** Limits, names, and bars of weeks and months (spec simulator §9.1.2, §9.5): what follows from the daily rows. */
export const DERIVED_CHECKS: readonly SqlCheck[] = [
  {
    name: 'published limits',
    rule: 'one row per bar with its reference price; low and high inside the limits where there are any',
    rows: `
      select ${stockDay} as what, l.pre_close = d.pre_close and (no_limit = 1 or (down_limit <= d.low and d.high <= up_limit)) as holds
      from (select ts_code, trade_date, pre_close, low, high from fupan.ods_daily) as d
      full outer join (select ts_code, trade_date, pre_close, up_limit, down_limit, no_limit from fupan.ods_stk_limit) as l using (ts_code, trade_date)
      ${NO_ROW}`,
  },
  ...PERIODS.map(({ table, name, key }) => ({
    name: `${name} bar = its days`,
    rule: 'open of the first, highest high, lowest low, close of the last, sums of volume and amount, exact; one bar per stock and finished period with trading',
    rows: `
      select concat(toString(ts_code), ' ', toString(period)) as what,
        p.bars = 1 and p.open = d.open and p.high = d.high and p.low = d.low and p.close = d.close and p.vol = d.vol and p.amount = d.amount
          and p.last_open = d.last_open as holds
      from (
        select ts_code, ${key('trade_date')} as period, toUInt32(1) as bars, open, high, low, close, round(vol * 100) as vol, round(amount * 1000000) as amount,
          period_end_open_day as last_open
        from fupan.${table}
      ) as p
      full outer join (
        select ts_code, ${key('trade_date')} as period, argMin(open, trade_date) as open, max(high) as high, min(low) as low, argMax(close, trade_date) as close,
          sum(round(vol * 100)) as vol, sum(round(amount * 1000000)) as amount, any(last_of.last_open) as last_open
        from fupan.ods_daily as d
        inner join (
          select ${key('trade_date')} as period, max(trade_date) as last_open from fupan.ods_adj_factor group by period
          having period < (select max(${key('trade_date')}) from fupan.ods_adj_factor) or period in (select ${key('trade_date')} from fupan.${table})
        ) as last_of on last_of.period = ${key('d.trade_date')}
        group by ts_code, period
      ) as d using (ts_code, period)
      ${NO_ROW}`,
  })),
  {
    name: 'names and warnings',
    rule: 'each stock-day shows exactly one name, and on a day of the list of risk warnings it is the name on that list',
    rows: `
      select ${stockDay} as what, names = 1 and (warned is null or warned = shown) as holds
      from (
        select f.ts_code as ts_code, f.trade_date as trade_date, countIf(n.start_date <= f.trade_date and (n.end_date is null or n.end_date >= f.trade_date)) as names,
          anyIf(n.name, n.start_date <= f.trade_date and (n.end_date is null or n.end_date >= f.trade_date)) as shown
        from fupan.ods_adj_factor as f left join fupan.ods_namechange as n on n.ts_code = f.ts_code group by ts_code, trade_date
      ) as k
      left join (select ts_code, trade_date, name as warned from fupan.ods_stock_st) as w using (ts_code, trade_date)
      ${NO_ROW}`,
  },
  {
    name: 'money flow of a bar',
    rule: 'one row per bar outside Beijing; the classes of each side add up to the amount and the volume of the bar, exact; the net lies within them',
    rows: `
      select ${stockDay} as what, ${SIDES.map((side) => `round(${sumOf(`${side}_`, '_amount')}) = round(amount * 1e6) and round(${sumOf(`${side}_`, '_vol', '100')}) = round(vol * 100)`).join(' and ')}
        and abs(net_mf_amount) * 10 <= amount as holds
      from (select ts_code, trade_date, vol, amount from fupan.ods_daily where not endsWith(ts_code, '.BJ')) as d
      full outer join (select * from fupan.ods_moneyflow) as m using (ts_code, trade_date)
      ${NO_ROW}`,
  },
  {
    name: 'margin balance',
    rule: 'rzye = rzye of the open day before + rzmre − rzche, and rqyl likewise; rzrqye = rzye + rqye; exact, for a stock with rows on both days',
    rows: `
      select ${stockDay} as what, rzye = last_rzye + rzmre - rzche and rqyl = last_rqyl + rqmcl - rqchl and round(rzrqye * 100) = round(rzye * 100) + round(rqye * 100) as holds
      from (
        select *, lagInFrame(rzye) over own as last_rzye, lagInFrame(rqyl) over own as last_rqyl, lagInFrame(day) over own as last_day
        from (
          select m.ts_code as ts_code, m.trade_date as trade_date, rzye, rzmre, rzche, rqye, rqyl, rqmcl, rqchl, rzrqye, d.day as day
          from fupan.ods_margin_detail as m
          inner join (select trade_date, toUInt32(row_number() over (order by trade_date)) as day from (select distinct trade_date from fupan.ods_adj_factor)) as d
            on d.trade_date = m.trade_date
        )
        window own as (partition by ts_code order by trade_date rows between 1 preceding and current row)
      ) where last_day > 0 and day = last_day + 1`,
  },
  {
    name: 'margin of an exchange = its stocks',
    rule: 'each total is the sum of the details of the exchange, exact in fen; both have the same days',
    rows: `
      select concat(toString(exchange_id), ' ', toString(trade_date)) as what, ${MARGIN_TOTALS.map((column) => `t.${column} = d.${column}`).join(' and ')} as holds
      from (select exchange_id, trade_date, ${MARGIN_TOTALS.map((column) => `round(${column} * 100) as ${column}`).join(', ')} from fupan.ods_margin) as t
      full outer join (
        select multiIf(endsWith(ts_code, '.SH'), 'SSE', endsWith(ts_code, '.SZ'), 'SZSE', 'BSE') as exchange_id, trade_date,
          ${MARGIN_TOTALS.map((column) => `sum(round(${column} * 100)) as ${column}`).join(', ')}
        from fupan.ods_margin_detail group by exchange_id, trade_date
      ) as d using (exchange_id, trade_date)
      ${NO_ROW}`,
  },
  {
    name: 'chips of a bar',
    rule: 'one row per bar; quantiles in order inside the lowest and highest price ever; all winners on a close at the highest',
    rows: `
      select ${stockDay} as what, his_low <= cost_5pct and cost_5pct <= cost_15pct and cost_15pct <= cost_50pct and cost_50pct <= cost_85pct and cost_85pct <= cost_95pct
        and cost_95pct <= his_high and his_low <= low and high <= his_high and winner_rate between 0 and 100 and (close < his_high or winner_rate = 100) as holds
      from (select ts_code, trade_date, low, high, close from fupan.ods_daily) as d
      full outer join (select * from fupan.ods_cyq_perf) as c using (ts_code, trade_date)
      ${NO_ROW}`,
  },
  {
    name: 'chips = their sums',
    rule: 'the chips of a stock-day add up to 100 percent to 1e-7, and to its weighted average to half a percent and half a fen',
    rows: `
      select ${stockDay} as what, abs(total - 100) < 1e-7 and abs(value / 100 - weight_avg) < 0.005 * weight_avg + 0.005 as holds
      from (select ts_code, trade_date, sum(percent) as total, sum(percent * price) as value from fupan.ods_cyq_chips group by ts_code, trade_date) as c
      left join (select ts_code, trade_date, weight_avg from fupan.ods_cyq_perf) as p using (ts_code, trade_date)
      ${NO_ROW}`,
  },
  {
    name: 'index weights',
    rule: 'the weights of an index on a month’s last open day add up to 100, and each is the part of the member in the free-float value at the last closes; to 1e-9',
    rows: `
      select concat(toString(index_code), ' ', toString(day)) as what, abs(sum(weight) - 100) < 1e-7 and max(abs(weight / 100 - part)) < 1e-9 as holds
      from (
        select w.index_code as index_code, w.day as day, w.weight as weight, b.value / sum(b.value) over (partition by w.index_code, w.day) as part
        from (select index_code, trade_date as day, con_code as ts_code, weight from fupan.ods_index_weight) as w
        asof inner join (
          select d.ts_code as ts_code, d.trade_date as trade_date, d.close * v.free_share as value
          from fupan.ods_daily as d inner join fupan.ods_daily_basic as v on v.ts_code = d.ts_code and v.trade_date = d.trade_date
        ) as b on b.ts_code = w.ts_code and b.trade_date <= w.day
      ) group by index_code, day`,
  },
]
