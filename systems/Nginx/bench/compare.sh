#!/bin/sh
# CPU per request of the command nginx here and of an installed nginx, in turns, with one worker each and the same configuration: a text,
# a file of 1 KiB, and passing on to another nginx. Needs nginx and wrk. Usage: compare.sh [ROUNDS] [SECONDS]
set -eu
rounds=${1:-3}
seconds=${2:-5}
root=$(cd "$(dirname "$0")/../../.." && pwd)
ours=${OURS:-$root/artifacts/bin/Microcosm.Nginx.Program/release/nginx}
theirs=${THEIRS:-nginx}
dir=$(mktemp -d)
mkdir "$dir/logs"
printf '%1024s' | tr ' ' x > "$dir/file"

# configuration NAME TEXT-PORT ORIGIN-PORT: a server for text and file, and one that passes on.
configuration() {
    cat > "$dir/$1.conf" << CONF
daemon off;
worker_processes 1;
pid $dir/$1.pid;
error_log $dir/$1.log;
events { worker_connections 4096; }
http {
    access_log off;
    keepalive_requests 1000000;
    open_file_cache max=100;
    client_body_temp_path $dir/b;
    proxy_temp_path $dir/p;
    upstream origin { server 127.0.0.1:$3; keepalive 256; keepalive_requests 1000000; }
    server {
        listen 127.0.0.1:$2;
        location = /text { return 200 hello; }
        location = /file { root $dir; }
        location / { proxy_pass http://origin/text; proxy_http_version 1.1; proxy_set_header Connection ""; }
    }
}
CONF
}

configuration origin 19180 19180
configuration theirs 19181 19180
configuration ours 19182 19180
"$theirs" -p "$dir" -e "$dir/origin.log" -c "$dir/origin.conf" & origin=$!
"$theirs" -p "$dir" -e "$dir/theirs.log" -c "$dir/theirs.conf" & peer=$!
"$ours" -p "$dir" -e "$dir/ours.log" -c "$dir/ours.conf" & own=$!
trap 'kill $origin $peer $own 2> /dev/null; rm -rf "$dir"' EXIT
sleep 2

# User and system time of a process and its children, in clock ticks of 10 ms.
ticks() {
    total=0
    for p in "$1" $(pgrep -P "$1" || true); do
        total=$((total + $(sed 's/.*) //' "/proc/$p/stat" | awk '{print $12 + $13}')))
    done
    echo "$total"
}

# measure NAME PID PORT PATH
measure() {
    before=$(ticks "$2")
    out=$(wrk -t1 -c"${CONNECTIONS:-32}" -d"${seconds}s" "http://127.0.0.1:$3/$4")
    used=$(($(ticks "$2") - before))
    requests=$(echo "$out" | awk '/requests in/ {print $1}')
    errors=$(echo "$out" | awk '/Non-2xx|Socket errors/ {print}')
    awk -v n="$1 $4" -v u="$used" -v r="$requests" -v s="$seconds" -v e="$errors" \
        'BEGIN { printf "%-14s %7.1f us/request %9.0f requests/s %s\n", n, u * 10000 / r, r / s, e }'
}

for path in text file pass; do
    measure warm-up "$own" 19182 "$path" > /dev/null
    for round in $(seq "$rounds"); do
        measure ours "$own" 19182 "$path"
        measure nginx "$peer" 19181 "$path"
    done
done
