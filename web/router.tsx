import { createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { pages } from './pages/index.ts'
import { rootRoute } from './root-route.ts'
import { Crash } from './ui/crash.tsx'
import { NotFound } from './ui/not-found.tsx'
import { Shell } from './ui/shell.tsx'
import { PageSkeleton } from './ui/skeleton.tsx'

const shell = createRoute({ getParentRoute: () => rootRoute, id: 'shell', component: Shell })

const routeTree = rootRoute.addChildren([
  shell.addChildren(pages.map(({ path, load }) => createRoute({ getParentRoute: () => shell, path, component: lazyRouteComponent(load) }))),
])

/** Address to page. The menu, the palette and this come from the same registry. */
export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  defaultPendingComponent: PageSkeleton,
  defaultErrorComponent: Crash,
  defaultNotFoundComponent: NotFound,
})
