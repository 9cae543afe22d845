import { formatDate, type TradeDate } from '#core/trade-date.ts'
import { useTranslation } from 'react-i18next'
import styles from './date-select.module.css'

interface DateSelectProps {
  /** The date asked for; undefined = the latest. */
  readonly value: number | undefined
  /** Trade dates that can be asked for, newest first. */
  readonly dates: readonly number[]
  readonly shown: number
  readonly onChange: (date: number | undefined) => void
}

/** A picker that knows trading days: only dates that were built. Choosing the newest follows the newest from then on. */
export function DateSelect({ value, dates, shown, onChange }: DateSelectProps) {
  const { t } = useTranslation()
  const all = dates.includes(shown) ? dates : [shown, ...dates]
  return (
    <select
      className={`${styles['select']} number`}
      aria-label={t('candidates.date')}
      value={value ?? all[0]}
      onChange={({ target }) => {
        const chosen = Number(target.value)
        onChange(chosen === all[0] ? undefined : chosen)
      }}
    >
      {all.map((date, i) => (
        <option key={date} value={date}>
          {formatDate(date as TradeDate)}
          {i === 0 ? ` ${t('candidates.latest')}` : ''}
        </option>
      ))}
    </select>
  )
}
