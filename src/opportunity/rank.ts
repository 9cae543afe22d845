import { ramp } from '#core/ramp.ts'
import type { Opportunity } from './event.ts'

/**
 * 排序分: C · (0.5 + 0.5·ramp(ADV20; 30 M, 500 M)) · RR/(1 + RR), RR = way to the near target ÷ way to the stop, floored at 0 (spec intraday §11).
 * Unknown ADV20 counts as illiquid; a price at or beyond the stop scores 0.
 */
export function rankScore({ direction, confidence, adv20, last, targetLow, targetHigh, stop }: Opportunity): number {
  const liquidity = 0.5 + 0.5 * (adv20 > 0 ? ramp(adv20, 3e7, 5e8) : 0)
  const [reward, risk] = direction === 'long' ? [targetLow - last, last - stop] : [last - targetHigh, stop - last]
  if (!(risk > 0) || !(reward > 0)) return 0
  const rewardRisk = reward / risk
  return (confidence * liquidity * rewardRisk) / (1 + rewardRisk)
}

/** Best first; ties by time of discovery, then by id. */
export function byRank(a: Opportunity, b: Opportunity): number {
  return rankScore(b) - rankScore(a) || a.discoveredAt - b.discoveredAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}
