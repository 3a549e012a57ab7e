// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import classes from './facts.module.css';

/** Names and values, one below the other. */
export function Facts({ facts }: { facts: [string, ReactNode][] }) {
  return (
    <dl className={classes.facts}>
      {facts.map(([name, value]) => (
        <div key={name} className={classes.fact}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Some numbers side by side, at the top of a page. */
export function Tiles({ tiles }: { tiles: { label: string; value: ReactNode; note?: ReactNode }[] }) {
  return (
    <div className={classes.tiles}>
      {tiles.map((tile) => (
        <div key={tile.label} className={classes.tile}>
          <div className={classes.label}>{tile.label}</div>
          <div className={classes.value}>{tile.value}</div>
          {tile.note && <div className={classes.label}>{tile.note}</div>}
        </div>
      ))}
    </div>
  );
}
