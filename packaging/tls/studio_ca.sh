#!/bin/sh
# Makes the studio's own certificate authority, once, and the certificate of its server.
#
#   sh packaging/tls/studio_ca.sh FOLDER NAME [NAME ...]
#
# NAME is what desks type as the server: a host name or an IP address; give all of them. FOLDER gets
#   studio-ca.crt   goes to every desk; name it there in DATABASE_URL as ?sslrootcert=FILE
#   studio-ca.key   stays here and nowhere else: who has it can pretend to be the server
#   server.crt, server.key   what PostgreSQL and `studio-jobs serve` are given
# Called again it keeps the authority and makes a new server certificate: to renew it, or to add a name.
set -eu

CA_DAYS=3650
SERVER_DAYS=825 # What some systems accept at the most.

say() { printf '%s\n' "$1" >&2; }
refuse() { say "$1"; exit 2; }

[ $# -ge 2 ] || refuse "Usage: studio_ca.sh FOLDER NAME [NAME ...]"
command -v openssl >/dev/null || refuse "openssl is missing. Install it first."
folder=$1
shift

names=
for name in "$@"; do
  case $name in
    ''|*[!A-Za-z0-9.:-]*) refuse "“$name” is neither a host name nor an address." ;;
    *:*|[0-9]*.[0-9]*.[0-9]*.[0-9]*) names="$names,IP:$name" ;;
    *) names="$names,DNS:$name" ;;
  esac
done
names=${names#,}

umask 077
mkdir -p "$folder"
cd "$folder"
new=$(mktemp -d ./.new.XXXXXX)
trap 'rm -rf "$new"' EXIT

make_key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" 2>/dev/null; }

if [ -f studio-ca.crt ] && [ -f studio-ca.key ]; then
  cp studio-ca.crt studio-ca.key "$new"
elif [ -f studio-ca.crt ] || [ -f studio-ca.key ]; then
  refuse "$folder holds half an authority. Put the other file back, or begin in an empty folder."
else
  make_key "$new/studio-ca.key"
  openssl req -x509 -new -key "$new/studio-ca.key" -sha256 -days "$CA_DAYS" \
    -subj "/CN=Tattoo studio authority" -out "$new/studio-ca.crt" \
    -addext "basicConstraints=critical,CA:TRUE,pathlen:0" \
    -addext "keyUsage=critical,keyCertSign,cRLSign"
fi

cat >"$new/server.ext" <<EXTENSIONS
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth
subjectAltName=$names
EXTENSIONS
make_key "$new/server.key"
openssl req -new -key "$new/server.key" -subj "/CN=Tattoo studio server" -out "$new/server.csr"
serial=$(openssl rand -hex 16)
openssl x509 -req -in "$new/server.csr" -CA "$new/studio-ca.crt" -CAkey "$new/studio-ca.key" \
  -set_serial "0x$serial" -sha256 -days "$SERVER_DAYS" -extfile "$new/server.ext" \
  -out "$new/server.crt" 2>/dev/null || refuse "A name was not understood: $*"
openssl verify -CAfile "$new/studio-ca.crt" "$new/server.crt" >/dev/null
chmod 0644 "$new/studio-ca.crt" "$new/server.crt"
# Only now, so that a failure above leaves what was there.
mv "$new/studio-ca.key" "$new/studio-ca.crt" "$new/server.key" "$new/server.crt" .
say "The server certificate is for $names and lasts $SERVER_DAYS days. Desks need studio-ca.crt."
