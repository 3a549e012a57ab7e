// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0

export type Labels = Record<string, string>;

/** Seconds since 1970 and a float as text. */
export type Sample = [number, string];

/** How the ends of a bucket belong to it, its lower and upper end, and its count. */
export type Bucket = [number, string, string, string];

export interface NativeHistogram {
  count: string;
  sum: string;
  buckets?: Bucket[];
}

export interface VectorItem {
  metric: Labels;
  value?: Sample;
  histogram?: [number, NativeHistogram];
}

export interface MatrixItem {
  metric: Labels;
  values?: Sample[];
  histograms?: [number, NativeHistogram][];
}

export interface QueryStats {
  timings: { evalTotalTime: number; execTotalTime: number; queryPreparationTime: number; execQueueTime: number };
  samples: { totalQueryableSamples: number; peakSamples: number };
}

export type QueryData = { stats?: QueryStats } & (
  | { resultType: 'vector'; result: VectorItem[] }
  | { resultType: 'matrix'; result: MatrixItem[] }
  | { resultType: 'scalar'; result: Sample }
  | { resultType: 'string'; result: Sample }
);

export interface MetadataEntry {
  type: string;
  help: string;
  unit: string;
}

export interface NamedCount {
  name: string;
  value: number;
}

export interface TsdbStatus {
  headStats: { numSeries: number; numLabelPairs: number; chunkCount: number; minTime: number; maxTime: number };
  seriesCountByMetricName: NamedCount[];
  labelValueCountByLabelName: NamedCount[];
  memoryInBytesByLabelName: NamedCount[];
  seriesCountByLabelValuePair: NamedCount[];
}

export interface DamagedFile {
  [field: string]: unknown;
}

export interface SkoposStatus {
  storage: {
    writable: boolean;
    reason: string;
    headBytes: number;
    headLimitBytes: number;
    applyFailures: number;
    lastFlush?: string;
    lastFlushError: string;
    log: { segments: number; keptBytes: number; appendedBytes: number; queuedBytes: number };
    replay: { frames: number; rows: number; bytes: number; seconds: number; tornBytes: number; damagedBytes: number };
    backgroundErrors: unknown[];
  };
  memory: { limitBytes: number; usedBytes: number; byOwner: Record<string, number> };
  damagedFiles: DamagedFile[];
  config: { file: string; readAt: string; lastReloadSucceeded: boolean; notices: string[] };
}

export interface RuntimeInfo {
  startTime: string;
  CWD: string;
  hostname: string;
  serverTime: string;
  reloadConfigSuccess: boolean;
  lastConfigTime: string;
  corruptionCount: number;
  GOMAXPROCS: number;
  GOMEMLIMIT: number;
  storageRetention: string;
}

export interface BuildInfo {
  version: string;
  revision: string;
  application?: string;
  applicationVersion?: string;
  javaVersion?: string;
}

export interface Target {
  labels: Labels;
  discoveredLabels: Labels;
  scrapePool: string;
  scrapeUrl: string;
  globalUrl: string;
  lastError: string;
  lastScrape: string;
  lastScrapeDuration: number;
  health: 'up' | 'down' | 'unknown';
  scrapeInterval: string;
  scrapeTimeout: string;
}

export interface Targets {
  activeTargets: Target[];
  droppedTargets: { discoveredLabels: Labels; scrapePool?: string }[];
  droppedTargetCounts: Record<string, number>;
}

/** Something that changed. */
export interface SkoposEvent {
  id: string;
  kind: string;
  title: string;
  text?: string;
  entities?: string[];
  labels?: Labels;
  start: string;
  end?: string;
  ongoing?: boolean;
  link?: string;
}

export interface Exemplar {
  labels: Labels;
  value: string;
  timestamp: number;
}

export interface ExemplarSeries {
  seriesLabels: Labels;
  exemplars: Exemplar[];
}
