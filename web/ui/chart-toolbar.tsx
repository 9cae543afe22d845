import { INTERVALS, type Interval } from '#core/kline-interval.ts'
import { useTranslation } from 'react-i18next'
import { INDICATORS, type Indicator } from '../state/indicators.ts'
import { CHART_LINES, type ChartLine } from '../state/moving-lines.ts'
import type { Adjust } from '../state/page-search.ts'
import { Segmented } from './segmented.tsx'
import styles from './chart-toolbar.module.css'

interface ChartToolbarProps {
  readonly interval: Interval
  readonly onInterval: (interval: Interval) => void
  readonly adjust: Adjust
  readonly onAdjust: (adjust: Adjust) => void
  /** Of an A share: it has levels, and factors to adjust by. */
  readonly isShare: boolean
  readonly lines: readonly ChartLine[]
  readonly onLines: (lines: readonly ChartLine[]) => void
  readonly indicator: Indicator | undefined
  readonly onIndicator: (indicator: Indicator | undefined) => void
  readonly showsLevels: boolean
  readonly onLevels: (shows: boolean) => void
  readonly view: 'chart' | 'table'
  readonly onView: (view: 'chart' | 'table') => void
}

/** What the chart is of and what is drawn on it. Levels are there on the day chart only. */
export function ChartToolbar(props: ChartToolbarProps) {
  const { interval, onInterval, adjust, onAdjust, isShare, lines, onLines, indicator, onIndicator, showsLevels, onLevels, view, onView } = props
  const { t } = useTranslation()
  return (
    <div className={styles['bar']} role="toolbar" aria-label={t('chart.toolbar')}>
      <Segmented<Interval>
        label={t('chart.interval')}
        value={interval}
        options={INTERVALS.map((value) => ({ value, label: t(`intervals.${value}`) }))}
        onChange={onInterval}
      />
      <span className={styles['lines']} role="group" aria-label={t('chart.lines')}>
        {CHART_LINES.map((line) => (
          <button
            key={line}
            type="button"
            data-line={line}
            aria-pressed={lines.includes(line)}
            onClick={() =>
              onLines(lines.includes(line) ? lines.filter((one) => one !== line) : CHART_LINES.filter((one) => one === line || lines.includes(one)))
            }
          >
            {line === 'boll' ? t('chart.boll') : line.toUpperCase()}
          </button>
        ))}
      </span>
      <span className={styles['lines']} role="group" aria-label={t('chart.indicator')}>
        {INDICATORS.map((one) => (
          <button key={one} type="button" aria-pressed={one === indicator} onClick={() => onIndicator(one === indicator ? undefined : one)}>
            {one.toUpperCase()}
          </button>
        ))}
      </span>
      <span className={styles['end']}>
        {isShare && interval === '1d' ? (
          <button type="button" className={styles['switch']} aria-pressed={showsLevels} title={t('levels.showAbout')} onClick={() => onLevels(!showsLevels)}>
            {t('levels.show')}
          </button>
        ) : undefined}
        {isShare ? (
          <Segmented<Adjust>
            label={t('stock.adjust')}
            value={adjust}
            options={[
              { value: 'qfq', label: t('stock.qfq') },
              { value: 'hfq', label: t('stock.hfq') },
              { value: 'none', label: t('stock.none') },
            ]}
            onChange={onAdjust}
          />
        ) : undefined}
        <button type="button" className={styles['switch']} aria-pressed={view === 'table'} onClick={() => onView(view === 'table' ? 'chart' : 'table')}>
          {t('stock.table')}
        </button>
      </span>
    </div>
  )
}
