#!/bin/sh
# CPU per request of the bench program and of Debian's nginx, in turns: "return 200" and proxying, 1 KiB each.
# Needs nginx and wrk. Usage: compare.sh [ROUNDS] [SECONDS]
set -eu
rounds=${1:-3}
seconds=${2:-5}
here=$(cd "$(dirname "$0")" && pwd)
bench=${BENCH:-$here/../../../artifacts/bin/Microcosm.Http.Bench/release/Microcosm.Http.Bench}
dir=$(mktemp -d)
text=$(printf '%1024s' | tr ' ' x)
cat > "$dir/nginx.conf" <<CONF
daemon off;
worker_processes 1;
pid $dir/pid;
error_log $dir/error.log;
events { worker_connections 4096; }
http {
    access_log off;
    keepalive_requests 1000000000;
    client_body_temp_path $dir/b;
    proxy_temp_path $dir/p;
    fastcgi_temp_path $dir/f;
    uwsgi_temp_path $dir/u;
    scgi_temp_path $dir/s;
    upstream origin { server 127.0.0.1:19080; keepalive 256; keepalive_requests 1000000000; }
    server { listen 127.0.0.1:19081; location / { default_type text/plain; return 200 $text; } }
    server { listen 127.0.0.1:19082; location / { proxy_pass http://origin; proxy_http_version 1.1; proxy_set_header Connection ""; } }
}
CONF
sed -e "s#$dir/pid#$dir/pid2#" -e 's#127.0.0.1:19081#127.0.0.1:19080#' -e '/19082/d' "$dir/nginx.conf" > "$dir/origin.conf"
nginx -c "$dir/origin.conf" & origin=$!
nginx -c "$dir/nginx.conf" & nginx=$!
"$bench" 19091 > /dev/null & answer=$!
"$bench" 19092 19080 > /dev/null & proxy=$!
trap 'kill $origin $nginx $answer $proxy 2> /dev/null; rm -rf "$dir"' EXIT
sleep 2

# User and system time of a process and its children, in clock ticks.
ticks() {
    total=0
    for p in "$1" $(pgrep -P "$1" || true); do
        total=$((total + $(sed 's/.*) //' "/proc/$p/stat" | awk '{print $12 + $13}')))
    done
    echo "$total"
}

measure() {
    before=$(ticks "$2")
    out=$(wrk -t1 -c"${CONNECTIONS:-32}" -d"${seconds}s" "http://127.0.0.1:$3/")
    used=$(($(ticks "$2") - before))
    requests=$(echo "$out" | awk '/requests in/ {print $1}')
    errors=$(echo "$out" | awk '/Non-2xx|Socket errors/ {print}')
    awk -v n="$1" -v u="$used" -v r="$requests" -v s="$seconds" -v e="$errors" \
        'BEGIN { printf "%-14s %7.1f us/request %9.0f requests/s %s\n", n, u * 10000 / r, r / s, e }'
}

for pid in "$answer 19091" "$proxy 19092" "$nginx 19081"; do
    measure warm-up $pid > /dev/null
done
for round in $(seq "$rounds"); do
    measure "ours return" "$answer" 19091
    measure "nginx return" "$nginx" 19081
    measure "ours proxy" "$proxy" 19092
    measure "nginx proxy" "$nginx" 19082
done
