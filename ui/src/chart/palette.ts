// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0

/** Told apart by people with the common colour deficiencies; each readable on its ground. */
const LIGHT = ['#3563c9', '#d9660a', '#0f8a7e', '#b3306e', '#7a4fc4', '#5c8a1a', '#b07d00', '#0f86b8'];
const DARK = ['#7aa2f7', '#ff9e64', '#4fd1bd', '#f17cb0', '#b79cf5', '#a6d15c', '#e8c15a', '#67c7f0'];

/** How many series of a chart are coloured; the rest is grey. */
export const COLOURED = LIGHT.length;

export function colour(index: number, dark: boolean): string {
  const colours = dark ? DARK : LIGHT;
  return colours[index % colours.length]!;
}

export function grey(dark: boolean): string {
  return dark ? 'rgba(150,165,180,0.28)' : 'rgba(90,107,123,0.28)';
}

export interface ChartInk {
  text: string;
  grid: string;
  ground: string;
  event: string;
  fault: string;
}

export function ink(dark: boolean): ChartInk {
  return dark
    ? { text: '#94a3b2', grid: 'rgba(148,163,178,0.13)', ground: '#161d24', event: '#67c7f0', fault: '#ff8787' }
    : { text: '#5a6a79', grid: 'rgba(90,107,123,0.14)', ground: '#ffffff', event: '#0f6f9e', fault: '#c92a2a' };
}

/** From nothing to most; readable without telling hues apart, because only lightness changes much. */
const HEAT_LIGHT = ['#e3f4f4', '#b5e2e0', '#7fcbcc', '#46aebb', '#1f8ca6', '#16688a', '#1a466b', '#182a4a'];
const HEAT_DARK = ['#17303a', '#174d58', '#1a6d74', '#2a8f8b', '#4fb09a', '#86cda6', '#c3e5b4', '#f7f9cf'];

export function heat(share: number, dark: boolean): string {
  const colours = dark ? HEAT_DARK : HEAT_LIGHT;
  const index = Math.min(colours.length - 1, Math.max(0, Math.floor(share * colours.length)));
  return colours[index]!;
}

export function heatColours(dark: boolean): string[] {
  return dark ? HEAT_DARK : HEAT_LIGHT;
}
