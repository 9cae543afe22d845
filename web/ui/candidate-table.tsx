import { useTable, type SortingState } from '@tanstack/react-table'
import { useVirtualizer } from '@tanstack/react-virtual'
import { memo, useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Candidate, TableEntry } from '../api.ts'
import type { Language } from '../format.ts'
import { useKeyActions } from '../keys.ts'
import type { Sort } from '../state/page-search.ts'
import { moveCursor } from '../state/table-cursor.ts'
import { labelIn } from '../text.ts'
import { CandidateCell } from './candidate-cell.tsx'
import { candidateColumns, candidateFeatures } from './candidate-columns.ts'
import { CandidateEvidence } from './candidate-evidence.tsx'
import styles from './candidate-table.module.css'

const ROW_PX = 27
const PAGE_ROWS = 10

const grid = candidateColumns.map(({ id, meta }) => (id === 'name' ? `minmax(${meta!.width}px, 1fr)` : `${meta!.width}px`)).join(' ')
const width = candidateColumns.reduce((total, { meta }) => total + meta!.width, 0)

interface CandidateTableProps {
  readonly rows: readonly Candidate[]
  readonly sort: Sort
  readonly onSort: (sort: Sort) => void
  readonly cursor: string | undefined
  readonly onCursor: (code: string) => void
  /** The code whose evidence is shown. */
  readonly open: string | undefined
  readonly onToggle: (code: string) => void
  readonly onOpenStock: (code: string) => void
  /** Called with the codes as they are shown, for walking through them elsewhere. */
  readonly onShown: (codes: readonly string[]) => void
  /** The dictionary's entry of `strategy_candidates`: headers are explained by it. */
  readonly entry: TableEntry | undefined
}

/** 候选: virtual rows, sorted in the browser; j/k and arrows move, Enter opens the stock, Space the evidence. */
export function CandidateTable({ rows, sort, onSort, cursor, onCursor, open, onToggle, onOpenStock, onShown, entry }: CandidateTableProps) {
  const { t, i18n } = useTranslation()
  const sorting = useMemo<SortingState>(() => [{ id: sort.id, desc: sort.desc }], [sort.id, sort.desc])
  const table = useTable({
    features: candidateFeatures,
    columns: candidateColumns,
    data: rows,
    getRowId: (row) => row.code,
    enableSortingRemoval: false,
    state: { sorting },
    onSortingChange: (change) => {
      const next = (typeof change === 'function' ? change(sorting) : change)[0]
      if (next !== undefined) onSort({ id: next.id, desc: next.desc })
    },
  })
  const shown = table.getRowModel().rows
  const codes = useMemo(() => shown.map(({ id }) => id), [shown])
  useEffect(() => onShown(codes), [codes, onShown])

  const scroller = useRef<HTMLDivElement>(null)
  // oxlint-disable-next-line react/incompatible-library -- its functions change identity with the scroll; nothing here is memoised on them.
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => shown[index]!.id,
    overscan: 12,
    scrollPaddingStart: 40,
  })

  const move = (by: number) => {
    const next = moveCursor(codes, cursor, by)
    if (next === undefined) return
    onCursor(next)
    virtual.scrollToIndex(codes.indexOf(next), { align: 'auto' })
  }
  useKeyActions((action) => {
    if (action.type === 'move' || action.type === 'step') move(action.by)
    else if (action.type === 'page') move(action.by * PAGE_ROWS)
    else if (action.type === 'edge') move(action.to === 'first' ? -codes.length : codes.length)
    else if (cursor === undefined) return false
    else if (action.type === 'open') onOpenStock(cursor)
    else if (action.type === 'toggle') onToggle(cursor)
    else if (action.type === 'pan') {
      // → opens, ← closes; the other way there is nothing to do.
      if (action.by > 0 === (open !== cursor)) onToggle(cursor)
    } else if (action.type === 'close' && open !== undefined) onToggle(open)
    else return false
    return true
  })

  const about = (source: string) => {
    const column = entry?.columns.find(({ name }) => name === source)
    return column === undefined ? undefined : `${labelIn(i18n.language as Language, column.label)}${column.about === '' ? '' : `\n${column.about}`}`
  }

  return (
    <div
      ref={scroller}
      className={styles['scroller']}
      role="grid"
      aria-label={t('candidates.caption')}
      aria-rowcount={shown.length + 1}
      aria-colcount={candidateColumns.length}
      aria-activedescendant={cursor === undefined ? undefined : `candidate-${cursor}`}
      tabIndex={0}
    >
      <div className={styles['sheet']} style={{ minWidth: width + 12 }}>
        <div className={styles['head']} role="row" aria-rowindex={1} style={{ gridTemplateColumns: grid }}>
          {table.getHeaderGroups()[0]!.headers.map(({ column }) => {
            const { unit, align, source } = column.columnDef.meta!
            const direction = column.getIsSorted()
            const title = t(`columns.${column.id as 'rank'}`)
            return (
              <div
                key={column.id}
                role="columnheader"
                data-column={column.id}
                aria-sort={direction === false ? 'none' : direction === 'asc' ? 'ascending' : 'descending'}
                data-align={align}
              >
                <button type="button" onClick={() => column.toggleSorting()} aria-label={t('candidates.sortBy', { column: title })} title={about(source)}>
                  <span>
                    {title}
                    <i aria-hidden>{direction === 'asc' ? '↑' : direction === 'desc' ? '↓' : ''}</i>
                  </span>
                  <small>{unit === undefined ? undefined : t(`units.${unit}`)}</small>
                </button>
              </div>
            )
          })}
        </div>
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map(({ index, start, key }) => {
            const { original: row } = shown[index]!
            return (
              <div key={key} data-index={index} ref={virtual.measureElement} className={styles['item']} style={{ transform: `translateY(${start}px)` }}>
                <CandidateRow
                  row={row}
                  index={index}
                  isCursor={row.code === cursor}
                  isOpen={row.code === open}
                  isLastSelected={row.selected && shown[index + 1]?.original.selected === false}
                  onCursor={onCursor}
                  onToggle={onToggle}
                  onOpenStock={onOpenStock}
                />
              </div>
            )
          })}
        </div>
      </div>
    </div>
  )
}

interface CandidateRowProps extends Pick<CandidateTableProps, 'onCursor' | 'onToggle' | 'onOpenStock'> {
  readonly row: Candidate
  readonly index: number
  readonly isCursor: boolean
  readonly isOpen: boolean
  readonly isLastSelected: boolean
}

/** One row and, when open, its evidence. Drawn again only when its own props change: scrolling draws just the rows that come in. */
const CandidateRow = memo(function CandidateRow({ row, index, isCursor, isOpen, isLastSelected, onCursor, onToggle, onOpenStock }: CandidateRowProps) {
  return (
    <>
      <div
        id={`candidate-${row.code}`}
        className={styles['row']}
        role="row"
        aria-rowindex={index + 2}
        aria-selected={isCursor}
        aria-expanded={isOpen}
        data-selected={row.selected}
        data-last-selected={isLastSelected}
        style={{ gridTemplateColumns: grid }}
        onClick={() => {
          onCursor(row.code)
          onToggle(row.code)
        }}
        onDoubleClick={() => onOpenStock(row.code)}
      >
        {candidateColumns.map(({ id, meta }) => (
          <div key={id} role="gridcell" data-align={meta!.align}>
            <CandidateCell column={id!} row={row} />
          </div>
        ))}
      </div>
      {isOpen ? <CandidateEvidence row={row} onOpenStock={onOpenStock} /> : undefined}
    </>
  )
})
