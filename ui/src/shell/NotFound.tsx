// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { Anchor } from '@mantine/core';
import { Link } from 'react-router';
import { Empty } from '../parts/ErrorNote';
import { useLink } from '../url/useLink';

export function NotFound() {
  const link = useLink();
  return (
    <Empty title="There is no such page">
      <Anchor component={Link} to={link('/')}>
        Go home
      </Anchor>
    </Empty>
  );
}
