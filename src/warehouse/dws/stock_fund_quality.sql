-- stock_fund_quality: the metrics of the days to score and of the 60 trading days before, the reference for days with few stocks.
select
  trade_date, ts_code, window_start, window_days, status, price_return, big_net_sum, big_net_ratio_w, turnover_ratio,
  pos_days_ratio, trend_corr, big_cost_gain, support_ratio
from fupan.dws_fund_quality_metric
where trade_date between {since:UInt32} and {to:UInt32}
order by trade_date, ts_code
