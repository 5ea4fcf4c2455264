#!/usr/bin/env bash
# One machine's SMBIOS table, three readers, two UUIDs. The first three fields of the system's UUID stand with the low byte first: the specification says
# so since version 2.6 (7.2.1). The crate dmidecode 1.0.1 (Rust) takes the bytes of older tables as they stand, as the tool of that name does, and
# Linux for product_uuid. u-root v0.16.0 (Go) and smbios-lib 0.9.4 (Rust) swap them whatever the version. From 2.6 on all agree; tables of virtual
# machines are often older (2.4).
# So registers whose agents are built on different readers have two UUIDs for one such machine, and a comparison of strings makes two machines of it:
# whoever matches by UUID compares the one with its first three fields swapped as well. Needs Go and Cargo.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
export GOMODCACHE=$tmp/mod GOFLAGS=-modcacherw CARGO_HOME=$tmp/cargo CARGO_PROFILE_DEV_DEBUG=0

# A table of the system and the end, and its entry points of two versions: _SM_, lengths and checksums as in 5.2.1.
cat >table.py <<'EOF'
import struct
system = struct.pack("<BBHBBBB", 1, 27, 1, 1, 2, 0, 3) + bytes.fromhex("00112233445566778899aabbccddeeff") + bytes([6, 0, 0])
table = system + b"Example\0Model\0SN-0001\0\0" + struct.pack("<BBH", 127, 4, 2) + b"\0\0"
def summed(data, at):
    return data[:at] + bytes([-sum(data) & 255]) + data[at + 1:]
open("table", "wb").write(table)
for minor in 4, 8:
    inner = summed(b"_DMI_\0" + struct.pack("<HIHB", len(table), 0x1000, 2, 0x20 + minor), 5)
    open("2.%d" % minor, "wb").write(summed(b"_SM_\0" + bytes([31, 2, minor]) + struct.pack("<HB5x", 64, 0) + inner, 4))
EOF
cat >main.go <<'EOF'
package main

import (
	"fmt"
	"os"

	"github.com/u-root/u-root/pkg/smbios"
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func main() {
	for _, version := range os.Args[1:] {
		info := must(smbios.ParseInfo(must(os.ReadFile(version)), must(os.ReadFile("table"))))
		system := must(info.GetSystemInfo())
		fmt.Println("u-root", version, system.SerialNumber, system.UUID)
	}
}
EOF
mkdir src
cat >src/main.rs <<'EOF'
fn main() {
    for version in std::env::args().skip(1) {
        let (entry, table) = (std::fs::read(&version).unwrap(), std::fs::read("table").unwrap());
        let entry = dmidecode::EntryPoint::search(&entry).unwrap();
        for structure in entry.structures(&table) {
            if let dmidecode::Structure::System(system) = structure.unwrap() {
                println!("dmidecode {} {} {}", version, system.serial, system.uuid.unwrap());
            }
        }
        let one = smbioslib::SMBiosVersion { major: 2, minor: entry.minor(), revision: 0 };
        let data = smbioslib::SMBiosData::from_vec_and_version(table.clone(), Some(one));
        for system in data.collect::<smbioslib::SMBiosSystemInformation>() {
            if let Some(smbioslib::SystemUuidData::Uuid(uuid)) = system.uuid() {
                println!("smbios-lib {} {} {}", version, system.serial_number(), uuid);
            }
        }
    }
}
EOF
cat >Cargo.toml <<'EOF'
[package]
name = "example"
version = "0.1.0"
edition = "2021"

[dependencies]
dmidecode = "=1.0.1"
smbios-lib = "=0.9.4"
EOF
python3 table.py
go mod init example >log 2>&1
go get github.com/u-root/u-root/pkg/smbios@v0.16.0 >>log 2>&1
go run . 2.4 2.8 >found
rm -r mod # large: not beside the other
cargo run --quiet -- 2.4 2.8 >>found 2>>log || { cat log; exit 1; }
sort found | tee seen
diff - seen <<'EOF'
dmidecode 2.4 SN-0001 00112233-4455-6677-8899-aabbccddeeff
dmidecode 2.8 SN-0001 33221100-5544-7766-8899-aabbccddeeff
smbios-lib 2.4 SN-0001 33221100-5544-7766-8899-aabbccddeeff
smbios-lib 2.8 SN-0001 33221100-5544-7766-8899-aabbccddeeff
u-root 2.4 SN-0001 33221100-5544-7766-8899-aabbccddeeff
u-root 2.8 SN-0001 33221100-5544-7766-8899-aabbccddeeff
EOF
