import { useTranslation } from 'react-i18next'
import { formatAge, type Language } from '../format.ts'
import { useLiveList } from '../state/live-list.ts'
import { useNow } from '../use-now.ts'
import styles from './connection-dot.module.css'

/** The state of the socket in shape and words, with how old the newest frame is. */
export function ConnectionDot() {
  const { t, i18n } = useTranslation()
  const connection = useLiveList((state) => state.connection)
  const frameAt = useLiveList((state) => state.frameAt)
  const now = useNow()
  return (
    <span
      className={styles['dot']}
      data-connection={connection}
      role="status"
      title={frameAt === undefined ? t('live.noFrame') : t('live.age', { age: formatAge(now - frameAt, i18n.language as Language) })}
    >
      <i aria-hidden />
      {t(`live.${connection}`)}
      {frameAt === undefined ? undefined : <span className="number faint">{formatAge(now - frameAt, i18n.language as Language)}</span>}
    </span>
  )
}
