// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import {
  IconActivity, IconChartAreaLine, IconCoins, IconFileText, IconFlag3, IconHome2, IconPlugConnected, IconServer2, IconTerminal2,
} from '@tabler/icons-react';
import { lazy, type ComponentType, type LazyExoticComponent } from 'react';
import { createBrowserRouter } from 'react-router';
import { HomePage } from '../pages/home/HomePage';
import { NotFound } from './NotFound';
import { Root } from './Root';
import { RouteError } from './RouteError';

export interface Page {
  path: string;
  title: string;
  /** What one finds there; shown in the palette. */
  what: string;
  icon: ComponentType<{ size?: number; stroke?: number }>;
  component: ComponentType | LazyExoticComponent<ComponentType>;
}

export interface Section {
  title: string;
  pages: Page[];
}

const page = <N extends string>(load: () => Promise<Record<N, ComponentType>>, name: N) =>
  lazy(async () => ({ default: (await load())[name] }));

/** The navigation. A new signal or acting room is a page in one of these sections, or a section of its own. */
export const SECTIONS: Section[] = [
  {
    title: 'Observe',
    pages: [
      { path: '/', title: 'Home', what: 'What is watched and what needs attention', icon: IconHome2, component: HomePage },
      {
        path: '/explore',
        title: 'Metrics',
        what: 'Find a metric, see it, take it apart',
        icon: IconChartAreaLine,
        component: page(() => import('../pages/explore/ExplorePage'), 'ExplorePage'),
      },
      {
        path: '/promql',
        title: 'Query',
        what: 'Write PromQL: graph, table, heatmap, explain',
        icon: IconTerminal2,
        component: page(() => import('../pages/query/QueryPage'), 'QueryPage'),
      },
      {
        path: '/logs',
        title: 'Logs',
        what: 'From who writes what to the one line that tells',
        icon: IconFileText,
        component: page(() => import('../pages/logs/LogsPage'), 'LogsPage'),
      },
      {
        path: '/events',
        title: 'Events',
        what: 'What changed, and when',
        icon: IconFlag3,
        component: page(() => import('../pages/events/EventsPage'), 'EventsPage'),
      },
    ],
  },
  {
    title: 'Operate',
    pages: [
      {
        path: '/targets',
        title: 'Targets and ingest',
        what: 'What is scraped and pushed, and what was refused',
        icon: IconPlugConnected,
        component: page(() => import('../pages/targets/TargetsPage'), 'TargetsPage'),
      },
      {
        path: '/cost',
        title: 'Cost',
        what: 'Which metrics, labels and targets cost how much',
        icon: IconCoins,
        component: page(() => import('../pages/cost/CostPage'), 'CostPage'),
      },
      {
        path: '/queries',
        title: 'Running queries',
        what: 'What is asked now and lately; stop a query',
        icon: IconActivity,
        component: page(() => import('../pages/queries/QueriesPage'), 'QueriesPage'),
      },
      {
        path: '/server',
        title: 'Server',
        what: 'Storage, memory, damaged files, config',
        icon: IconServer2,
        component: page(() => import('../pages/server/ServerPage'), 'ServerPage'),
      },
    ],
  },
];

export const PAGES: Page[] = SECTIONS.flatMap((section) => section.pages);

export const router = createBrowserRouter([
  {
    element: <Root />,
    errorElement: <RouteError />,
    children: [
      ...PAGES.map(({ path, component: Component }) => ({ path, element: <Component />, errorElement: <RouteError /> })),
      { path: '*', element: <NotFound /> },
    ],
  },
]);
