#!/usr/bin/env bash
# The manual pages as mandoc and groff see them: no warning, and every command found by `man`.
# Needs mandoc and groff (Debian: apt-get install mandoc groff-base man-db).
set -euo pipefail
cd "$(dirname "$0")/../../dist/man"
said=$(
  for page in *.1; do
    mandoc -T lint -W style "$page" || true
    groff -man -ww -z -T utf8 "$page" 2>&1
  done
)
[ -z "$said" ] || { echo "$said"; exit 1; }
# As a person sees it: minus signs that can be pasted into a shell.
shown=$(MANWIDTH=80 man -l cryoscope-memory-search.1)
grep -q -- "cryoscope memory search --regex 'PATH=\[ -~\]+' --pid 1 cart.tar" <<<"$shown" ||
  { echo "an example is not shown as it is typed"; exit 1; }
echo "manual pages: $(ls | wc -l) without a warning"
