import { Link } from '@tanstack/react-router'
import { formatDate, type TradeDate } from '#core/trade-date.ts'
import { useTranslation } from 'react-i18next'
import type { Language } from '../format.ts'
import type { PageSearch } from '../state/page-search.ts'
import { labelIn } from '../text.ts'
import { useApi } from '../use-api.ts'
import { useWord } from '../use-word.ts'
import styles from './status-bar.module.css'

/** Where every number comes from and how fresh it is, at the foot of every page. */
export function StatusBar() {
  const { t, i18n } = useTranslation()
  const word = useWord()
  const { data: status, error } = useApi('GET /api/status', {}, { every: 10_000 })
  const behind = status?.tables.filter(({ state }) => state !== 'fresh').length ?? 0
  return (
    <footer className={styles['bar']}>
      {error === null ? undefined : (
        <span className={styles['broken']} role="alert">
          {error.kind === 'unreachable' ? t('state.unreachable') : t('state.failed')}
        </span>
      )}
      {status === undefined ? undefined : (
        <>
          <Fact label={t('shell.source')}>{labelIn(i18n.language as Language, status.source)}</Fact>
          <Fact label={t('shell.lastCompleted')}>
            <span className="number">{formatDate(status.lastCompleted as TradeDate)}</span>
          </Fact>
          <Link to="/data" search={(before: PageSearch) => before} data-behind={behind > 0}>
            <i aria-hidden />
            {t('shell.tables')} {behind === 0 ? t('shell.tablesFresh') : t('shell.tablesBehind', { count: behind })}
          </Link>
          <Fact label={t('shell.lastRun')}>
            {status.run === null ? t('shell.noRun') : `${word('runStates', status.run.state)} `}
            {status.run === null ? undefined : <span className="number">{status.run.run}</span>}
          </Fact>
          <span className={styles['engine']}>
            {status.engine.flavour === 'embedded' ? t('shell.embedded') : t('shell.server')} {t('shell.engine')}{' '}
            <span className="number">{status.engine.version}</span>
          </span>
        </>
      )}
    </footer>
  )
}

function Fact({ label, children }: { readonly label: string; readonly children: React.ReactNode }) {
  return (
    <span>
      <span className="faint">{label}</span> {children}
    </span>
  )
}
