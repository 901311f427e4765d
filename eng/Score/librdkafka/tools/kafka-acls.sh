#!/bin/sh
# Stands in for Kafka's tool of this name.
exec node "$(dirname "$(readlink -f "$0")")/tool.mjs" acls "$@"
