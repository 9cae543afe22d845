import type { Interval } from '#core/kline-interval.ts'
import { dateOf } from '#core/shanghai-time.ts'
import { formatDate, type EpochMs, type TradeDate } from '#core/trade-date.ts'
import { useTranslation } from 'react-i18next'
import type { ApiFailure } from '../api.ts'
import { commands } from '../commands.ts'
import type { ChartFrame } from '../state/chart-frame.ts'
import { useApi } from '../use-api.ts'
import styles from './chart-toolbar.module.css'
import { StaleBanner, StatePanel } from './state-panel.tsx'

/** An interval without a single bar: minutes are not made for every stock, days are. */
export function NoBars({ code, interval, onDaily }: { readonly code: string; readonly interval: Interval; readonly onDaily: () => void }) {
  const { t } = useTranslation()
  if (!interval.endsWith('m')) return <StatePanel kind="empty" title={t('stock.emptyTitle')} detail={t('stock.emptyDetail', { code })} command={commands.run} />
  const name = t(`intervals.${interval}`)
  return (
    <StatePanel kind="empty" title={t('chart.noMinutes', { interval: name })} detail={t('chart.noMinutesDetail', { code })} command={commands.importMinutes}>
      <button type="button" className={styles['switch']} onClick={onDaily}>
        {t('chart.showDaily')}
      </button>
    </StatePanel>
  )
}

interface StalenessProps {
  readonly frame: ChartFrame
  readonly failure: ApiFailure | null
  /** The market’s own last day is not the one the status knows. */
  readonly isForeign: boolean
  /** The view is of the newest bars, not of a past that was asked for. */
  readonly isAtEnd: boolean
}

/** A line above bars that are older than they should be: they could not be read again, or they end before the data do. */
export function Staleness({ frame, failure, isForeign, isAtEnd }: StalenessProps) {
  const { t } = useTranslation()
  const { data: status } = useApi('GET /api/status', {}, { every: 10_000 })
  const at = frame.day.at(-1)!
  if (failure !== null) return <StaleBanner text={t('chart.stale', { at, message: failure.message })} />
  const last = status?.lastCompleted ?? 0
  if (isForeign || !isAtEnd || dateOf(frame.time.at(-1) as EpochMs) >= last) return undefined
  return (
    <StaleBanner
      text={t('chart.ends', { interval: t(`intervals.${frame.interval}`), at, last: formatDate(last as TradeDate) })}
      command={commands.runTo(last)}
    />
  )
}
