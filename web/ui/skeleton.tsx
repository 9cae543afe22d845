import { useTranslation } from 'react-i18next'
import styles from './skeleton.module.css'

/** Rows to come: drawn where they will be, so nothing jumps. Shown only when loading takes longer than a blink. */
export function Skeleton({ rows = 12, height = 28 }: { readonly rows?: number; readonly height?: number }) {
  const { t } = useTranslation()
  return (
    <div className={styles['skeleton']} role="status" aria-label={t('state.loading')} data-state="loading">
      {Array.from({ length: rows }, (_, i) => (
        <div key={i} className={styles['row']} style={{ height }}>
          <span style={{ width: `${22 + ((i * 37) % 19)}%` }} />
          <span style={{ width: `${8 + ((i * 17) % 9)}%` }} />
          <span style={{ width: `${14 + ((i * 29) % 13)}%` }} />
          <span style={{ width: `${6 + ((i * 13) % 7)}%` }} />
        </div>
      ))}
    </div>
  )
}

/** A page whose code is still on its way. */
export function PageSkeleton() {
  return <Skeleton rows={24} />
}
