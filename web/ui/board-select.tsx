import { useTranslation } from 'react-i18next'
import type { Candidate } from '../api.ts'
import { useWord } from '../use-word.ts'
import styles from './date-select.module.css'

interface BoardSelectProps {
  /** The board shown alone; undefined = all. */
  readonly value: string | undefined
  readonly rows: readonly Candidate[]
  readonly onChange: (board: string | undefined) => void
}

/** 板块 filter: the boards there are today, each with how many. */
export function BoardSelect({ value, rows, onChange }: BoardSelectProps) {
  const { t } = useTranslation()
  const word = useWord()
  const counts = new Map<string, number>()
  for (const { board } of rows) counts.set(board, (counts.get(board) ?? 0) + 1)
  if (value !== undefined && !counts.has(value)) counts.set(value, 0)
  return (
    <select
      className={styles['select']}
      aria-label={t('candidates.board')}
      value={value ?? ''}
      onChange={({ target }) => onChange(target.value === '' ? undefined : target.value)}
    >
      <option value="">{t('candidates.allBoards')}</option>
      {[...counts].map(([board, count]) => (
        <option key={board} value={board}>
          {word('boards', board)} {count}
        </option>
      ))}
    </select>
  )
}
