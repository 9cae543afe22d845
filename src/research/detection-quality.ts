import { precisionRecall } from '#numeric/auc.ts'
import { balancedAccuracy, filterRegimes, type RegimeRun } from './regime-recovery.ts'
import {
  against,
  median,
  recovered,
  spoofedAboveNull,
  trueBigNetRatio,
  trueImbalance,
  type ScoredBatch,
  type ScoredScenario,
  type SidesFound,
} from './score-planted.ts'

/** 检出质量: one thing measured against planted truth, and what it ought to be (spec simulator §12.3, microstructure §14). */
export interface QualityCheck {
  readonly name: string
  readonly value: number
  /** The value lies in [low, high]; either may be absent. */
  readonly low?: number
  readonly high?: number
  readonly pass: boolean
}

/** From this score on a test is called absorption. */
const CALLED = 0.65

/**
 * The level tests and scores over trades joined by their aggressor's order, against scenarios planted with known strength: how well accumulation is told from tests in which nothing was
 * planted (AUC), what a threshold catches (precision and recall), and what must not be taken for it; and the rules everything stands on: who attacked, and which regime it was.
 */
export function detectionQuality(batch: ScoredBatch, regimes: RegimeRun): readonly QualityCheck[] {
  const check = (name: string, value: number, low?: number, high?: number): QualityCheck => ({
    name,
    value,
    ...(low === undefined ? {} : { low }),
    ...(high === undefined ? {} : { high }),
    pass: (low === undefined || value >= low) && (high === undefined || value <= high),
  })
  const exante = ({ orders }: ScoredScenario) => orders.exante
  const score = ({ orders }: ScoredScenario) => orders.score
  const visits = recovered(batch, 'orders')
  return [
    check('AUC of true big net in band, s = 0', against(batch, 0, trueBigNetRatio), 0.4, 0.6),
    check('AUC of true big net in band, s = 0.25', against(batch, 0.25, trueBigNetRatio), 0.7),
    check('AUC of true big net in band, s = 0.5', against(batch, 0.5, trueBigNetRatio), 0.88),
    check('AUC of true big net in band, s = 1', against(batch, 1, trueBigNetRatio), 0.95),
    check('AUC of true order-flow imbalance, s = 1', against(batch, 1, trueImbalance), 0.93),
    check(
      'AUC of shallow penetration, s = 1',
      against(batch, 1, ({ orders }) => -orders.penetration),
      0.7,
    ),
    check('AUC of support score ex ante, s = 0.5', against(batch, 0.5, exante), 0.88),
    check('AUC of support score ex ante, s = 1', against(batch, 1, exante)),
    check(
      'AUC of the forward 30-minute return, s = 1',
      against(batch, 1, ({ truth }) => truth.forwardReturn30m),
      0.6,
      0.8,
    ),
    ...[0.5, 1].flatMap((strength) => {
      const { precision, recall } = called(batch, strength, exante)
      return [check(`precision at ex-ante score ${CALLED}, s = ${strength}`, precision), check(`recall at ex-ante score ${CALLED}, s = ${strength}`, recall)]
    }),
    check('median support score of planted bounces', median(batch, 'support_accumulation/1', score), 0.65),
    check('median support score of planted breaks', median(batch, 'support_break/1', score), undefined, 0.4),
    check('median score of planted distribution at a resistance', median(batch, 'resistance_distribution/1', score), 0.65),
    check('spoofed walls scored above the median of null tests', spoofedAboveNull(batch, exante), undefined, 0.6),
    check('planted visits found within 3 s', visits.filter(({ test }) => test !== undefined).length / visits.length, 0.98),
    check(
      'aggressors found by the quotes',
      least(batch, ({ byQuote }) => byQuote),
      0.99,
    ),
    check(
      'aggressors found by price changes alone',
      least(batch, ({ byTick }) => byTick),
      0.75,
    ),
    check('balanced accuracy of regimes from minute returns', balancedAccuracy(regimes.states, filterRegimes(regimes.returns)), 0.6),
  ]
}

/** The smallest mean over the scenarios of a kind. */
function least(batch: ScoredBatch, of: (sides: SidesFound) => number): number {
  return Math.min(...[...batch.values()].map((own) => own.reduce((sum, { sides }) => sum + of(sides), 0) / own.length))
}

function called(batch: ScoredBatch, strength: number, value: (scored: ScoredScenario) => number) {
  const [planted, nothing] = [batch.get(`support_accumulation/${strength}`)!, batch.get('null_test/0')!]
  return precisionRecall(Float64Array.from([...planted, ...nothing], value), Uint8Array.from([...planted.map(() => 1), ...nothing.map(() => 0)]), CALLED)
}
