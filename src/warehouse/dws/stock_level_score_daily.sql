-- stock_level_score_daily: the scores of the days to compare and of the 250 market days before.
select
  trade_date,
  ts_code,
  level_id,
  level_type,
  support_absorption_score_L,
  resistance_sell_absorption_score_L,
  flip_support_score_L,
  n_tests_support,
  n_tests_resistance,
  n_tests_flip,
  weight_sum,
  last_test_date
from fupan.dws_level_score
where trade_date between {since:UInt32} and {to:UInt32}
order by trade_date, ts_code, level_id
