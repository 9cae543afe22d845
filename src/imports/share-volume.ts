/** Shares per unit of a volume column, told by the money: turnover ÷ (price × volume) is near 100 for lots and near 1 for shares (spec microstructure §2.3). */
export function sharesPerUnit(amount: number, price: number, volume: number): 1 | 100 | undefined {
  const ratio = amount / (price * volume)
  if (ratio >= 50 && ratio <= 200) return 100
  return ratio >= 0.5 && ratio <= 2 ? 1 : undefined
}
