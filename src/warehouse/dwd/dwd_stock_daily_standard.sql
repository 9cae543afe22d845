-- dwd_stock_daily_standard: 标准复权行情. Back-adjusted (后复权) only: row t never changes because of a later corporate action.
with days as (
  select cal_date, day_idx from fupan.dim_trade_cal where exchange = 'SSE' and is_open = 1
),
-- how many own bars lie before the range, and the last of them: the range then counts on
before as (
  select ts_code, count() as bars, max(trade_date) as last_date
  from fupan.dwd_daily
  where trade_date < {from:UInt32} and is_bar_valid = 1
  group by ts_code
),
before_factor as (
  select ts_code, argMax(adj_factor, trade_date) as last_factor from fupan.dwd_adj_factor where trade_date < {from:UInt32} group by ts_code
),
bars as (
  select
    d.trade_date as trade_date, d.ts_code as ts_code, d.open as open, d.high as high, d.low as low, d.close as close,
    d.vwap as vwap, d.vol_shares as vol_shares, d.amount_cny as amount_cny, d.ret_1d as ret_1d,
    f.adj_factor as adj_factor, c.day_idx as day_idx
  from (
    select trade_date, ts_code, open, high, low, close, vwap, vol_shares, amount_cny, ret_1d
    from fupan.dwd_daily
    where trade_date between {from:UInt32} and {to:UInt32} and is_bar_valid = 1
  ) as d
  inner join (select trade_date, ts_code, adj_factor from fupan.dwd_adj_factor where trade_date between {from:UInt32} and {to:UInt32}) as f
    on f.trade_date = d.trade_date and f.ts_code = d.ts_code
  inner join days as c on c.cal_date = d.trade_date
),
numbered as (
  select
    *,
    row_number() over own as own_no,
    lagInFrame(toNullable(adj_factor)) over own as own_previous_factor,
    lagInFrame(toNullable(day_idx)) over own as own_previous_day
  from bars
  window own as (partition by ts_code order by trade_date rows between unbounded preceding and current row)
)
select
  n.trade_date as trade_date,
  n.ts_code as ts_code,
  n.close as close,
  n.open * n.adj_factor as open_hfq,
  n.high * n.adj_factor as high_hfq,
  n.low * n.adj_factor as low_hfq,
  n.close * n.adj_factor as close_hfq,
  n.vwap * n.adj_factor as vwap_hfq,
  n.vol_shares / n.adj_factor as vol_adj,
  n.amount_cny as amount_cny,
  n.adj_factor as adj_factor,
  toUInt8(ifNull(abs(n.adj_factor / coalesce(n.own_previous_factor, p.last_factor) - 1) > 1e-9, 0)) as is_ex_day,
  n.ret_1d as ret_1d,
  if(n.ret_1d > -1, log(1 + n.ret_1d), null) as log_ret_1d,
  toUInt32(n.own_no + ifNull(b.bars, 0)) as bar_no,
  toUInt32(assumeNotNull(n.day_idx)) as day_idx,
  if(coalesce(n.own_previous_day, c.day_idx) is null, null, toUInt32(assumeNotNull(n.day_idx) - assumeNotNull(coalesce(n.own_previous_day, c.day_idx)))) as gap_days
from numbered as n
left join (select ts_code, toNullable(bars) as bars, toNullable(last_date) as last_date from before) as b on b.ts_code = n.ts_code
left join (select ts_code, toNullable(last_factor) as last_factor from before_factor) as p on p.ts_code = n.ts_code
left join (select cal_date, toNullable(day_idx) as day_idx from days) as c on c.cal_date = b.last_date
