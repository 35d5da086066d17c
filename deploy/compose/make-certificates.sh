#!/usr/bin/env bash
# Makes what compose.tls.yaml reads: an authority of the cluster's own and one certificate of it, for ten years. What is
# there stays; to change it, remove cluster_* from the folder, run this and start the stack again.
set -euo pipefail
folder=${1:-$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/secrets}
mkdir -p "$folder"
chmod 0700 "$folder"
[[ ! -s $folder/cluster_key ]] || exit 0

# The authority's key is not kept: nobody else is to get a certificate of it.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
new_key() { openssl ecparam -name prime256v1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt -out "$1"; }
new_key "$work/authority.key"
openssl req -x509 -new -key "$work/authority.key" -sha256 -days 3650 -subj "/CN=layerbench cluster" \
  -addext keyUsage=critical,keyCertSign -out "$work/cluster_authority"
new_key "$work/cluster_key"
openssl req -new -key "$work/cluster_key" -subj "/CN=layerbench" -out "$work/request"
openssl x509 -req -in "$work/request" -CA "$work/cluster_authority" -CAkey "$work/authority.key" -CAcreateserial \
  -sha256 -days 3650 -extfile <(echo extendedKeyUsage=serverAuth,clientAuth) -out "$work/cluster_certificate" 2>/dev/null
# The folder lets nobody else in; the files are readable, because containers see them under other users.
chmod 0444 "$work"/cluster_*
mv "$work/cluster_authority" "$work/cluster_certificate" "$work/cluster_key" "$folder"
echo "certificates in $folder" >&2
