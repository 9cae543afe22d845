import { useTranslation } from 'react-i18next'
import { StatePanel } from './state-panel.tsx'

/** An address without a page. */
export function NotFound() {
  const { t } = useTranslation()
  return <StatePanel kind="empty" title={t('shell.notFound')} detail={t('shell.notFoundDetail', { path: location.pathname })} />
}
