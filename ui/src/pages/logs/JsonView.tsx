// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import classes from './logs.module.css';

const MOST_ITEMS = 200;
const OPEN_UP_TO = 3;

/** JSON laid out, parts of it to open and close. */
export function JsonView({ value, name, depth = 0, last = true }: { value: unknown; name?: string; depth?: number; last?: boolean }) {
  const [open, setOpen] = useState(depth < OPEN_UP_TO);
  const label = name === undefined ? null : <span className={classes.jsonName}>{JSON.stringify(name)}: </span>;
  const comma = last ? '' : ',';
  if (value === null || typeof value !== 'object') {
    return (
      <div className={classes.jsonLine} style={{ paddingLeft: depth * 14 }}>
        {label}
        <span className={typeof value === 'string' ? classes.jsonString : classes.jsonOther}>{JSON.stringify(value)}</span>
        {comma}
      </div>
    );
  }
  const array = Array.isArray(value);
  const items: [string | undefined, unknown][] = array ? value.map((one) => [undefined, one]) : Object.entries(value);
  const [left, right] = array ? ['[', ']'] : ['{', '}'];
  if (items.length === 0) {
    return (
      <div className={classes.jsonLine} style={{ paddingLeft: depth * 14 }}>
        {label}
        {left}
        {right}
        {comma}
      </div>
    );
  }
  return (
    <>
      <div className={classes.jsonLine} style={{ paddingLeft: depth * 14 }}>
        <button type="button" className={classes.jsonToggle} aria-expanded={open} aria-label={`${open ? 'Close' : 'Open'} ${name ?? (array ? 'the list' : 'the object')}`} onClick={() => setOpen(!open)}>
          {open ? '−' : '+'}
        </button>
        {label}
        {left}
        {!open && (
          <>
            <span className="sk-dim"> {items.length} </span>
            {right}
            {comma}
          </>
        )}
      </div>
      {open && (
        <>
          {items.slice(0, MOST_ITEMS).map(([key, item], index) => (
            <JsonView key={key ?? index} value={item} {...(key === undefined ? {} : { name: key })} depth={depth + 1} last={index === items.length - 1} />
          ))}
          {items.length > MOST_ITEMS && <div className={classes.jsonLine} style={{ paddingLeft: (depth + 1) * 14 }}>… {items.length - MOST_ITEMS} more</div>}
          <div className={classes.jsonLine} style={{ paddingLeft: depth * 14 }}>
            {right}
            {comma}
          </div>
        </>
      )}
    </>
  );
}
