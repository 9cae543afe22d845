-- dws_level_score: the scored tests of the days to score and of the 19 market days before, level by level in the order they happened.
select
  ts_code,
  level_id,
  trade_date,
  level_type,
  value_total,
  support_absorption_score_test as support,
  resistance_sell_absorption_score_test as resistance,
  flip_support_score_test as flip
from fupan.stock_level_microstructure
where trade_date between {since:UInt32} and {to:UInt32} and is_scored = 1
order by ts_code, level_id, trade_date, test_id
