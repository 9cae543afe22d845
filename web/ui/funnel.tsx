import { useTranslation } from 'react-i18next'
import type { Reply } from '../api.ts'
import { useWord } from '../use-word.ts'
import styles from './funnel.module.css'

type Counts = Reply<'GET /api/candidates'>['counts']

/** 筛选漏斗: how many stocks were left after each filter of the day. */
export function Funnel({ counts }: { readonly counts: Counts }) {
  const { t } = useTranslation()
  const word = useWord()
  const all = counts[0]?.left ?? 0
  if (all === 0) return undefined
  return (
    <ol className={styles['funnel']} aria-label={t('candidates.funnel')}>
      {counts.map(({ filter, removed, left }) => (
        <li key={filter} title={t('candidates.removed', { filter: word('filters', filter), count: removed, left })}>
          <span className="dim">{word('filters', filter)}</span> <b className="number">{left}</b>
          <small className="number">{removed === 0 ? '' : `−${removed}`}</small>
          <i aria-hidden style={{ width: `${(left / all) * 100}%` }} />
        </li>
      ))}
    </ol>
  )
}
