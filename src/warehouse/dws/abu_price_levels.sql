-- abu_price_levels: unadjusted bars of some stocks, neighbours in code order, with the factor that makes them comparable.
select
  ts_code,
  trade_date,
  day_idx,
  open_hfq / adj_factor as open,
  high_hfq / adj_factor as high,
  low_hfq / adj_factor as low,
  close,
  vol_adj * adj_factor as volume,
  adj_factor
from fupan.dwd_stock_daily_standard
where trade_date between {since:UInt32} and {to:UInt32} and ts_code between {first:String} and {last:String} and ts_code in {codes:Array(String)}
