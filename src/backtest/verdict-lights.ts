/** 红绿灯: what a gate says. `grey` = not measured, and `reason` says why. */
export type LightColour = 'green' | 'amber' | 'red' | 'grey'

export interface VerdictLight {
  readonly name: 'deflated_sharpe' | 'overfitting' | 'track_length' | 'walk_forward' | 'double_cost'
  readonly label: string
  readonly english: string
  readonly colour: LightColour
  /** The measured value; NaN when grey. */
  readonly value: number
  readonly unit: 'probability' | 'days' | 'ratio' | 'fraction/year'
  readonly rule: string
  /** Why it is grey, or red without a number. */
  readonly reason?: string
  /** What the number alone would hide. */
  readonly detail?: string
}

/** What the gates look at; absent = not measured, NaN = no answer. */
export interface GateEvidence {
  readonly deflatedSharpe?: number | undefined
  /** Said beside the DSR: how the trials were counted and what the strictest count would give. */
  readonly trials?: { readonly independent: number; readonly raw: number; readonly deflatedSharpeRaw: number } | undefined
  readonly overfittingProbability?: number | undefined
  readonly days: number
  /** Closed trades: with fewer than thirty the days without a position speak for themselves, not for the strategy. Absent = not counted. */
  readonly closedTrades?: number | undefined
  /** Infinity when the Sharpe is not positive: no record is long enough. */
  readonly minimumTrackLength?: number | undefined
  readonly walkForwardEfficiency?: number | undefined
  /** CAGR with costs doubled, fraction. */
  readonly doubleCostCagr?: number | undefined
}

/** Fewer closed trades than this say nothing, however long the record is. */
const FEW_TRADES = 30

/** The gates of spec backtest §7, in order. A threshold belongs to the better side: DSR 0.95 is green, PBO 0.20 is green. */
export function verdictLights(evidence: GateEvidence): VerdictLight[] {
  const {
    deflatedSharpe: dsr,
    trials,
    overfittingProbability: pbo,
    days,
    minimumTrackLength: needed,
    walkForwardEfficiency: efficiency,
    doubleCostCagr: cagr,
    closedTrades = Infinity,
  } = evidence
  const isThin = closedTrades < FEW_TRADES
  const tooFew = `${closedTrades} closed trades: from ${FEW_TRADES} on a Sharpe ratio means something`
  return [
    {
      name: 'deflated_sharpe',
      label: '去水夏普 DSR',
      english: 'Deflated Sharpe',
      unit: 'probability',
      rule: '≥ 0.95 green, 0.80–0.95 amber',
      ...lit(
        isThin ? undefined : dsr,
        (value) => (value >= 0.95 ? 'green' : value >= 0.8 ? 'amber' : 'red'),
        isThin ? tooFew : 'no Sharpe ratio, or the search was not counted',
      ),
      ...(trials && { detail: `N = ${trials.independent} of ${trials.raw} trials; with all counted ${trials.deflatedSharpeRaw.toFixed(3)}` }),
    },
    {
      name: 'overfitting',
      label: '过拟合概率 PBO',
      english: 'Overfitting probability',
      unit: 'probability',
      rule: '≤ 0.20 green, ≤ 0.50 amber',
      ...lit(isThin ? undefined : pbo, (value) => (value <= 0.2 ? 'green' : value <= 0.5 ? 'amber' : 'red'), isThin ? tooFew : 'needs two or more trials'),
    },
    {
      name: 'track_length',
      label: '记录长度',
      english: 'Track length',
      unit: 'days',
      rule: Number.isFinite(needed) ? `≥ MinTRL 95 % = ${Math.ceil(needed!)} days` : '≥ MinTRL 95 %',
      ...lit(
        isThin || needed === undefined || Number.isNaN(needed) ? undefined : days,
        (value) => (value >= needed! ? 'green' : 'red'),
        isThin ? tooFew : 'no Sharpe ratio',
      ),
      ...(needed === Infinity && !isThin ? { reason: 'the Sharpe ratio is not positive: no record is long enough' } : {}),
    },
    {
      name: 'walk_forward',
      label: '样本外效率',
      english: 'Walk-forward efficiency',
      unit: 'ratio',
      rule: 'SR out of sample ÷ SR in sample ≥ 0.5',
      ...lit(efficiency, (value) => (value >= 0.5 ? 'green' : 'red'), 'no walk-forward was run, or its in-sample Sharpe is not positive'),
    },
    {
      name: 'double_cost',
      label: '双倍成本',
      english: 'Survives ×2 costs',
      unit: 'fraction/year',
      rule: 'CAGR at ×2 costs > 0',
      ...lit(cagr, (value) => (value > 0 ? 'green' : 'red'), 'no run with doubled costs'),
    },
  ]
}

/** The worst light decides; grey ones make a verdict of nothing but green `amber`: unproven. Without any measured gate it is grey. */
export function overallLight(lights: readonly VerdictLight[]): LightColour {
  const colours = new Set(lights.map(({ colour }) => colour))
  if (colours.has('red')) return 'red'
  if (colours.has('amber')) return 'amber'
  if (!colours.has('green')) return 'grey'
  return colours.has('grey') ? 'amber' : 'green'
}

function lit(value: number | undefined, colour: (value: number) => LightColour, why: string): { colour: LightColour; value: number; reason?: string } {
  return value === undefined || Number.isNaN(value) ? { colour: 'grey', value: NaN, reason: why } : { colour: colour(value), value }
}
