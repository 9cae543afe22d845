import { formatClock, timeOfDay } from '#core/shanghai-time.ts'
import type { EpochMs } from '#core/trade-date.ts'
import { useTranslation } from 'react-i18next'
import { formatAmount, formatPrice, tickOf, type Language } from '../format.ts'
import type { LevelTest } from '../state/level-tests.ts'
import { trendOf } from '../theme.ts'
import { useApi } from '../use-api.ts'
import { Skeleton } from './skeleton.tsx'
import { FailurePanel } from './state-panel.tsx'
import styles from './tick-tape.module.css'

/** Shown before the entry and after the exit. */
const AROUND_MS = 60_000

const MOST = 400

/** 逐笔带: the tape of a level test, a minute before and after included, read down and then right; what lies in the band is bright, big records stand out. */
export function TickTape({ code, test }: { readonly code: string; readonly test: LevelTest }) {
  const { t, i18n } = useTranslation()
  const language = i18n.language as Language
  const { data, error, refetch } = useApi(
    'GET /api/micro/ticks',
    {
      ts_code: code,
      date: String(test.date),
      from: clock(test.enteredAt - AROUND_MS),
      ...(test.leftAt === null ? {} : { to: clock(test.leftAt + AROUND_MS) }),
      agg: '3s',
      limit: MOST,
    },
    { fresh: 300_000 },
  )
  if (data === undefined) return error === null ? <Skeleton rows={5} height={20} /> : <FailurePanel failure={error} retry={() => void refetch()} />
  if (data.rows.length === 0)
    return (
      <p className={styles['none']} data-state="empty">
        {t('tape.none')}
      </p>
    )
  return (
    <>
      <p className={styles['note']}>
        {data.threshold === null ? t('tape.noThreshold') : t('tape.threshold', { value: formatAmount(data.threshold, language) })}
        {data.grain === 'TBT' ? '' : ` · ${t('tape.burst')}`}
        {data.truncated ? ` · ${t('tape.truncated', { count: MOST })}` : ''}
      </p>
      <ol className={styles['tape']} aria-label={t('tape.title')} tabIndex={0}>
        {data.rows.map((row) => (
          <li
            key={`${row.at} ${row.segment}`}
            data-big={row.big > 0}
            data-inside={Math.abs(row.price / test.price - 1) <= test.bandPct}
            title={row.big > 0 ? t('tape.big', { net: formatAmount(row.bigNet, language, 'signed') }) : undefined}
          >
            <span className="number faint">{clock(row.at)}</span>
            <span className="number">{formatPrice(row.price, tickOf(code))}</span>
            <span className={`number ${trendOf(row.side)}`}>{formatAmount(row.value, language)}</span>
            <i className={trendOf(row.side)}>{row.side > 0 ? t('tape.bought') : row.side < 0 ? t('tape.sold') : '·'}</i>
          </li>
        ))}
      </ol>
    </>
  )
}

function clock(at: number): string {
  return formatClock(timeOfDay(at as EpochMs))
}
