-- stock_active_pool: 股性活跃选股池. Window = the last 20 market days ending on the day (trading days, not calendar days).
with days as (
  select cal_date, day_idx from fupan.dim_trade_cal where exchange = 'SSE' and is_open = 1
),
first_day as (
  select min(cal_date) as since
  from days
  where day_idx >= (select min(day_idx) from days where cal_date >= {from:UInt32}) - 19
),
rows_of_days as (
  select
    b.trade_date as trade_date, b.ts_code as ts_code, toInt64(c.day_idx) as day_idx,
    if(bitAnd(b.flags, 8) = 0, b.v_price_position, null) as vpos,
    if(bitAnd(b.flags, 8) = 0, b.price_position, null) as ppos,
    d.amount_cny as amount
  from (select trade_date, ts_code, v_price_position, price_position, flags from fupan.stock_bollinger_data
        where trade_date between (select since from first_day) and {to:UInt32}) as b
  inner join (select trade_date, ts_code, amount_cny from fupan.dwd_daily
        where trade_date between (select since from first_day) and {to:UInt32} and is_bar_valid = 1) as d
    on d.trade_date = b.trade_date and d.ts_code = b.ts_code
  inner join days as c on c.cal_date = b.trade_date
),
windows as (
  select
    trade_date, ts_code,
    count() over recent as rows_in_window,
    max(vpos) over recent as max_vpos,
    max(ppos) over recent as max_ppos,
    -- summed as decimals: a mean must not depend on how the rows were cut into blocks
    toFloat64(sum(toDecimal64(amount, 4)) over recent) / rows_in_window as avg_amount,
    maxIf(trade_date, ifNull(vpos > 99, 0)) over recent as last_vpos_date,
    maxIf(trade_date, ifNull(ppos > 50, 0)) over recent as last_ppos_date,
    countIf(ifNull(vpos > 99 and ppos > 70, 0)) over recent as n_joint_days
  from rows_of_days
  window recent as (partition by ts_code order by day_idx range between 19 preceding and current row)
),
pool as (
  select w.*, l.is_st is not null as is_st_known
  from windows as w
  inner join (select trade_date, ts_code, is_st, is_delisting, list_days, is_suspended from fupan.dwd_stock_label_daily
        where trade_date between {from:UInt32} and {to:UInt32}) as l
    on l.trade_date = w.trade_date and l.ts_code = w.ts_code
  where w.trade_date >= {from:UInt32}
    and w.rows_in_window >= 15 and w.max_vpos > 99 and w.max_ppos > 50 and w.avg_amount >= 30000000
    and ifNull(l.is_st, 0) = 0 and ifNull(l.is_delisting, 0) = 0 and l.list_days >= 60 and l.is_suspended = 0
),
-- mid-rank within the day: (smaller + half of the equal ones) / n
ranked as (
  select
    *,
    (rank() over (partition by trade_date order by n_joint_days) - 1 + 0.5 * count() over (partition by trade_date, n_joint_days)) / count() over (partition by trade_date) as pr_joint,
    (rank() over (partition by trade_date order by max_vpos) - 1 + 0.5 * count() over (partition by trade_date, max_vpos)) / count() over (partition by trade_date) as pr_vpos,
    (rank() over (partition by trade_date order by avg_amount) - 1 + 0.5 * count() over (partition by trade_date, avg_amount)) / count() over (partition by trade_date) as pr_amount
  from pool
),
scored as (
  -- rounded far below the smallest step of a rank, so that a tie is a tie and not a last bit
  select *, round(0.50 * pr_joint + 0.25 * pr_vpos + 0.25 * pr_amount, 12) as activity_score from ranked
)
select
  trade_date,
  ts_code,
  assumeNotNull(max_vpos) as max_vpos,
  assumeNotNull(max_ppos) as max_ppos,
  toUInt8(1) as has_high_vpos,
  toUInt8(1) as has_high_ppos,
  toUInt8(max_ppos > 70) as has_high_ppos_70,
  avg_amount,
  last_vpos_date,
  last_ppos_date,
  toUInt32(n_joint_days) as n_joint_days,
  activity_score,
  toUInt32(row_number() over (partition by trade_date order by activity_score desc, avg_amount desc, ts_code)) as pool_rank,
  toUInt32(rows_in_window) as rows_in_window,
  toUInt8(is_st_known) as is_st_known,
  toNullable(concat('{"rows_in_window":', toString(rows_in_window), ',"max_vpos":', toString(round(assumeNotNull(max_vpos), 4)), ',"max_ppos":', toString(round(assumeNotNull(max_ppos), 4)), '}')) as remarks
from scored
