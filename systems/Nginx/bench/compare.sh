#!/bin/sh
# CPU per request, memory of a connection and reloads under load, beside an installed nginx. Usage: compare.sh [--rounds N] [--seconds N] [--quick]
exec "$(dirname "$0")/../../../bench/run" nginx "$@"
