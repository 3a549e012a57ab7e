// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
//
// Runs before the first paint, so that a dark screen does not flash white.
(function () {
  var chosen = null;
  try {
    chosen = localStorage.getItem('mantine-color-scheme-value');
  } catch (e) {
    // Storage may be forbidden; the system's choice is used then.
  }
  var dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
