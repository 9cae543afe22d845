-- stock_bollinger_data: the own bars the bands are computed from: every bar of the range and the 139 before it, per stock, in time order.
with wanted as (
  select ts_code, min(bar_no) as first_bar
  from fupan.dwd_stock_daily_standard
  where trade_date between {from:UInt32} and {to:UInt32}
  group by ts_code
)
select
  s.ts_code as ts_code, s.trade_date as trade_date, s.close as close, s.close_hfq as close_hfq, s.vol_adj as vol_adj, s.adj_factor as adj_factor,
  s.bar_no as bar_no, s.day_idx as day_idx, s.is_ex_day as is_ex_day,
  l.is_limit_day as is_limit_day, l.is_no_limit_ipo as is_no_limit_ipo
from fupan.dwd_stock_daily_standard as s
inner join wanted as w on w.ts_code = s.ts_code
-- labels worth a flag are few: a limit day, a first day without limit
left join (
  select ts_code, trade_date, toUInt8(is_limit_up = 1 or is_limit_down = 1) as is_limit_day, toUInt8(ifNull(no_limit_reason = 'IPO_WINDOW', 0)) as is_no_limit_ipo
  from fupan.dwd_stock_label_daily
  where trade_date between {since:UInt32} and {to:UInt32} and (is_limit_up = 1 or is_limit_down = 1 or no_limit_reason = 'IPO_WINDOW')
) as l on l.ts_code = s.ts_code and l.trade_date = s.trade_date
where s.trade_date <= {to:UInt32} and s.trade_date >= {since:UInt32} and s.bar_no + 139 >= w.first_bar
order by ts_code, trade_date
