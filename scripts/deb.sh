#!/usr/bin/env bash
# Makes a Debian package of a release binary: deb.sh [BINARY], by default dist/groundswell; it lands in dist/.
set -eu
cd "$(dirname "$0")/.."
binary=${1:-dist/groundswell}
[ -x "$binary" ] || { echo "there is no $binary: make dist" >&2; exit 1; }
version=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' Cargo.toml)
architecture=$(dpkg --print-architecture)
# The newest version of glibc's symbols that the binary asks for is the oldest glibc it runs on.
glibc=$(objdump -T "$binary" | grep -o 'GLIBC_[0-9.]*' | sed 's/GLIBC_//' | sort -Vu | tail -1)
if [ -n "$glibc" ]; then depends="libc6 (>= $glibc), libgcc-s1, adduser"; else depends="adduser"; fi
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
chmod 755 "$root"
put() { install -D -m "$1" "$2" "$root/$3"; }
put 755 "$binary" usr/bin/groundswell
strip --strip-unneeded "$root/usr/bin/groundswell"
put 644 deploy/systemd/groundswell.service lib/systemd/system/groundswell.service
put 644 deploy/debian/sysusers.conf usr/lib/sysusers.d/groundswell.conf
put 640 deploy/debian/groundswell.toml etc/groundswell/groundswell.toml
put 640 deploy/debian/environment etc/groundswell/environment
put 644 LICENSE usr/share/doc/groundswell/copyright
put 644 CHANGELOG.md usr/share/doc/groundswell/changelog
gzip -9n "$root/usr/share/doc/groundswell/changelog"
for folder in guides concepts reference; do
  (cd docs && find $folder -name '*.md') | while read -r page; do put 644 "docs/$page" "usr/share/doc/groundswell/$page"; done
done
put 644 deploy/prometheus/groundswell.rules.yml usr/share/doc/groundswell/examples/groundswell.rules.yml
put 644 deploy/grafana/dashboards/groundswell.json usr/share/doc/groundswell/examples/grafana-dashboard.json

mkdir -p "$root/DEBIAN"
cat >"$root/DEBIAN/control" <<CONTROL
Package: groundswell
Version: $version
Architecture: $architecture
Maintainer: The Groundswell authors <groundswell@localhost>
Section: net
Priority: optional
Depends: $depends
Installed-Size: $(du -sk --exclude=DEBIAN "$root" | cut -f1)
Description: self-hosted social media monitoring
 Follows social platforms, finds the posts that matter by Boolean queries, scores
 them with its own models and shows what they mean, live. One program with an
 embedded store.
CONTROL
printf '%s\n' /etc/groundswell/groundswell.toml /etc/groundswell/environment >"$root/DEBIAN/conffiles"
for script in postinst prerm postrm; do install -m 755 deploy/debian/$script "$root/DEBIAN/$script"; done
(cd "$root" && find . -type f -not -path './DEBIAN/*' -printf '%P\0' | LC_ALL=C sort -z | xargs -0 md5sum) >"$root/DEBIAN/md5sums"
find "$root" -newermt "@$SOURCE_DATE_EPOCH" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
mkdir -p dist
dpkg-deb --root-owner-group -Zzstd --build "$root" "dist/groundswell_${version}_${architecture}.deb"
