// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import classes from './shell.module.css';

export function Logo({ small }: { small?: boolean }) {
  return (
    <span className={classes.logo}>
      <img src="/favicon.svg" width={26} height={26} alt="" />
      {!small && <span>Skopos</span>}
    </span>
  );
}
