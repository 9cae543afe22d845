-- strategy_candidates: what the choice is made from. Pool of the day × the latest fund quality of the last five trading days × labels, band and factor of the day.
with days as (
  select cal_date, day_idx from fupan.dim_trade_cal where exchange = 'SSE' and is_open = 1
),
pool as (
  select trade_date, ts_code, activity_score, pool_rank, d.day_idx as day_idx
  from fupan.stock_active_pool as p
  inner join days as d on d.cal_date = p.trade_date
  where p.trade_date between {from:UInt32} and {to:UInt32} and p.pool_rank <= 800
),
quality as (
  select q.*, d.day_idx as quality_day
  from fupan.stock_fund_quality as q
  inner join days as d on d.cal_date = q.trade_date
  where q.trade_date <= {to:UInt32}
    and q.trade_date >= (select min(cal_date) from days where day_idx >= (select min(day_idx) from days where cal_date >= {from:UInt32}) - 5)
),
recent_quality as (
  select
    p.trade_date as trade_date, p.ts_code as ts_code,
    q.fund_quality_z as fund_quality_z, q.fund_quality_score as fund_quality_score, q.fund_quality_pct as fund_quality_pct,
    q.window_start as window_start, q.window_end as window_end, q.window_days as window_days, q.price_return as price_return,
    q.big_net_sum as big_net_sum, q.big_net_ratio_w as big_net_ratio_w, q.support_ratio as support_ratio, q.status as status, q.components_json as components_json
  from pool as p
  inner join quality as q on q.ts_code = p.ts_code
  where q.trade_date <= p.trade_date and q.quality_day >= p.day_idx - 5
  order by p.trade_date, p.ts_code, q.trade_date desc
  limit 1 by p.trade_date, p.ts_code
),
bars as (
  select trade_date, ts_code, close, ret_1d from fupan.dwd_daily where trade_date between {from:UInt32} and {to:UInt32} and is_bar_valid = 1
)
select
  p.trade_date as trade_date,
  p.ts_code as ts_code,
  toUInt32(n.cal_date) as valid_for,
  if(s.name = '', toString(p.ts_code), s.name) as name,
  s.board as board,
  b.close as close,
  b.ret_1d as ret_1d,
  q.fund_quality_z as fund_quality_z,
  q.fund_quality_score as fund_quality_score,
  q.fund_quality_pct as fund_quality_pct,
  nullIf(q.window_start, 0) as window_start,
  nullIf(q.window_end, 0) as window_end,
  nullIf(q.window_days, 0) as window_days,
  if(q.window_days = 0, null, q.price_return) as price_return,
  q.big_net_sum as big_net_sum,
  q.big_net_ratio_w as big_net_ratio_w,
  q.support_ratio as support_ratio,
  p.activity_score as activity_score,
  p.pool_rank as pool_rank,
  if(q.status = '', 'NO_WINDOW', q.status) as status,
  if(q.components_json = '', '[]', q.components_json) as components_json,
  u.upper as upper_band,
  l.is_suspended as is_suspended,
  ifNull(l.is_limit_down, 0) as is_limit_down,
  toUInt8(ifNull(l.is_st, 0) = 1 or ifNull(l.is_delisting, 0) = 1) as is_excluded,
  f.adj_factor as adj_factor
from pool as p
inner join bars as b on b.trade_date = p.trade_date and b.ts_code = p.ts_code
left join recent_quality as q on q.trade_date = p.trade_date and q.ts_code = p.ts_code
left join (select ts_code, name, board from fupan.dim_stock) as s on s.ts_code = p.ts_code
left join days as n on n.day_idx = p.day_idx + 1
left join (select trade_date, ts_code, upper from fupan.stock_bollinger_data where trade_date between {from:UInt32} and {to:UInt32}) as u
  on u.trade_date = p.trade_date and u.ts_code = p.ts_code
left join (
  select trade_date, ts_code, is_suspended, is_limit_down, is_st, is_delisting
  from fupan.dwd_stock_label_daily
  where trade_date between {from:UInt32} and {to:UInt32}
) as l on l.trade_date = p.trade_date and l.ts_code = p.ts_code
left join (select trade_date, ts_code, adj_factor from fupan.dwd_adj_factor where trade_date between {from:UInt32} and {to:UInt32}) as f
  on f.trade_date = p.trade_date and f.ts_code = p.ts_code
order by trade_date, isNull(fund_quality_z), fund_quality_z desc, pool_rank, ts_code
