import { useTranslation } from 'react-i18next'
import { useApi } from '../use-api.ts'
import styles from './simulated-badge.module.css'

/** 模拟数据: on every page while any number of it was invented. */
export function SimulatedBadge() {
  const { t } = useTranslation()
  const { data } = useApi('GET /api/status', {}, { every: 10_000 })
  if (data?.simulated !== true) return undefined
  return (
    <span className={styles['badge']} title={t('shell.simulatedAbout')}>
      {t('shell.simulated')}
    </span>
  )
}
