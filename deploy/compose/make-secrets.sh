#!/usr/bin/env bash
# Makes what compose.yaml reads as secrets, once: passwords, and tokens for you (admin) and for Prometheus (view).
# What is there stays as it is. A token file's lines are those of `layerbench token new`: USER ROLE EXPIRY SHA256-of-token.
set -euo pipefail
folder=${1:-$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/secrets}
# Only you get into the folder; the files are readable, because containers see them under other users.
mkdir -p "$folder"
chmod 0700 "$folder"

write() { # NAME < content
  local new=$folder/$1.new
  cat >"$new"
  chmod 0444 "$new"
  mv "$new" "$folder/$1"
}
new_token() { echo "lbt_$(openssl rand -base64 32 | tr '+/' '-_' | tr -d '=\n')"; }
line() { # USER ROLE TOKEN
  echo "$1 $2 never $(printf %s "$3" | sha256sum | cut -c1-64)"
}

for name in postgres_password grafana_password; do
  [[ -s $folder/$name ]] || openssl rand -hex 24 | tr -d '\n' | write "$name"
done
# A folder of its own, which the gateway sees whole. It looks into it as another user.
mkdir -p "$folder/tokens"
chmod 0755 "$folder/tokens"
if [[ ! -s $folder/tokens/tokens ]]; then
  admin=$(new_token) metrics=$(new_token)
  printf %s "$metrics" | write metrics_token
  { line admin admin "$admin"; line prometheus view "$metrics"; } | write tokens/tokens
  echo "Your token, shown this once; clients read it from LAYERBENCH_TOKEN:"
  echo "$admin"
fi
echo "secrets in $folder; Grafana's user is admin, its password is in grafana_password" >&2
