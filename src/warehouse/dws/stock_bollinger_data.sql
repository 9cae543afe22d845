-- stock_bollinger_data: the own bars of the stocks from {first} to {last} the bands are computed from, in any order. What each bar is labelled is read apart.
select ts_code, trade_date, close, close_hfq, vol_adj, adj_factor, bar_no, day_idx, is_ex_day
from fupan.dwd_stock_daily_standard
where trade_date between {since:UInt32} and {to:UInt32} and ts_code between {first:String} and {last:String}
